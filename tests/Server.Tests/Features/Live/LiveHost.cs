using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using StoriesCli.Emulation;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Live;

/// <summary>What a sender of a live terminal does, and what a viewer sees, over the wire alone.</summary>
internal static class LiveHost
{
    public const string Begin = """{ "caption": "make test", "width": 80, "height": 24 }""";

    public static async Task<string> BeginAsync(this Wire wire, string json = Begin)
    {
        var answer = await wire.PostJsonAsync("/v1/live", json);
        answer.Status.Should().Be(HttpStatusCode.Created, answer.Text);
        answer.Json.GetProperty("live").GetBoolean().Should().BeTrue();
        return answer.Json.GetProperty("id").GetString()!;
    }

    public static string Line(string output) => $"[0.1,\"o\",{JsonSerializer.Serialize(output)}]\n";

    public static Task<WireAnswer> SendAsync(this Wire wire, string id, long offset, string lines) =>
        wire.SendAsync(
            HttpMethod.Post,
            $"/v1/live/{id}/output",
            new StringContent(lines),
            ("Offset", offset.ToString(CultureInfo.InvariantCulture))
        );

    /// <returns>The offset after it.</returns>
    public static async Task<long> OutputAsync(this Wire wire, string id, long offset, string lines)
    {
        var answer = await wire.SendAsync(id, offset, lines);
        answer.Status.Should().Be(HttpStatusCode.NoContent, answer.Text);
        var after = long.Parse(answer.Header("Offset")!, CultureInfo.InvariantCulture);
        after.Should().Be(offset + Encoding.UTF8.GetByteCount(lines));
        return after;
    }

    public static Task<WireAnswer> EndAsync(this Wire wire, string id, int exitCode = 0) =>
        wire.PostJsonAsync($"/v1/live/{id}/end", $$"""{ "exitCode": {{exitCode}} }""");

    public static Task<EventTap> WatchAsync(this ServerHost host, string token, string id) =>
        EventTap.OpenAsync(host, token, path: $"/v1/stories/{id}/live");
}

/// <summary>A viewer's terminal.</summary>
internal sealed class LiveViewer(EventTap tap)
{
    private Emulator _screen = new(80, 24);

    public int Snapshots { get; private set; }

    public bool HasEnded { get; private set; }

    public string Text => string.Join('\n', Enumerable.Range(0, _screen.Rows).Select(y => LineOf(_screen.Row(y)))).TrimEnd('\n');

    public (int Columns, int Rows) Size => (_screen.Columns, _screen.Rows);

    /// <summary>Takes what comes until a condition holds.</summary>
    public async Task UntilAsync(Func<LiveViewer, bool> condition)
    {
        while (!condition(this))
        {
            Take((await tap.NextAsync()).Data!.Value);
        }
    }

    private void Take(JsonElement data)
    {
        var work = long.MaxValue;
        switch (data.GetProperty("type").GetString())
        {
            case "snapshot":
                Snapshots++;
                _screen = new(data.GetProperty("width").GetInt32(), data.GetProperty("height").GetInt32());
                goto case "output";
            case "output":
                _screen.Feed(Encoding.UTF8.GetBytes(data.GetProperty("output").GetString()!), ref work);
                break;
            case "resize":
                _screen.Resize(data.GetProperty("width").GetInt32(), data.GetProperty("height").GetInt32(), ref work);
                break;
            case "end":
                HasEnded = true;
                break;
        }
    }

    private static string LineOf(ReadOnlySpan<Glyph> row)
    {
        var text = new StringBuilder();
        foreach (var glyph in row)
        {
            glyph.AppendTo(text);
        }
        return text.ToString().TrimEnd(' ');
    }
}
