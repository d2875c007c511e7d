using System.Text.RegularExpressions;

namespace StoriesCli.Cli.Tests.Printing;

/// <summary>What scripts read is compared with the files in <c>Golden</c>, as help is; ids and traces, which chance decides, by their names.</summary>
public sealed partial class JsonTests : CommandTests
{
    private string _id = "";

    private protected override bool HasBob => false;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _id = (
            await _ana.RunAsync("post", "--text", "Hello", "--caption", "One\u202e\e", "--tag", "a", "--slot", "build/main", "--quiet")
        ).Out.Trim();
        await _ana.RunAsync("reply", _id, "Looks good");
        await _ana.RunAsync("circle", "set", "all", "ana");
    }

    [Theory]
    [InlineData("show", "show ID")]
    [InlineData("list", "list")]
    [InlineData("tray", "tray")]
    [InlineData("reply", "reply ID")]
    [InlineData("viewers", "viewers ID")]
    [InlineData("keep", "keep ID")]
    [InlineData("highlights", "highlights ana")]
    [InlineData("people", "people")]
    [InlineData("circle-list", "circle list")]
    [InlineData("admin-accounts", "admin accounts")]
    [InlineData("rm", "rm ID")]
    [InlineData("error", "show 01kb3v8sxq7m2c4w9e5r1t0y6z")]
    public async Task The_JSON_of_a_command_is_as_it_was_agreed(string name, string command)
    {
        var ran = await _ana.RunAsync([.. command.Replace("ID", _id, StringComparison.Ordinal).Split(' '), "--json"]);

        var json = Chance()
            .Replace(
                ran.Out + ran.Error,
                match => match.Value.StartsWith("\"traceId", StringComparison.Ordinal) ? "\"traceId\":\"TRACE\"" : "ID"
            );
        if (Environment.GetEnvironmentVariable("STORIES_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"json-{name}.txt"), json);
        }
        json.Should().Be(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", $"json-{name}.txt")));
    }

    [GeneratedRegex(@"""traceId"":""[^""]*""|\b[0-7][0-9a-hjkmnp-tv-z]{25}\b")]
    private static partial Regex Chance();
}
