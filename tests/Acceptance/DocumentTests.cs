using System.Text.RegularExpressions;

namespace StoriesCli.Acceptance;

/// <summary>What the documents tell people to type works. A block that cannot be run here has <c>&lt;!-- not run: REASON --&gt;</c> on the line above it.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public async Task Every_command_in_the_documents_works()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var blocks = Published.Documents.SelectMany(path => Block().Matches(File.ReadAllText(path)).Select(match => (Path: path, Match: match)))
            .Where(block => !block.Match.Groups["reason"].Success).Select(block => (block.Path, Script: block.Match.Groups["script"].Value)).ToArray();
        foreach (var (sample, name) in new[] { ("photo.jpg", "photo.jpg"), ("video.mp4", "demo.mp4"), ("video.mp4", "video.mp4"), ("card.txt", "card.txt"), ("terminal.cast", "terminal.cast") })
        {
            File.Copy(Published.Sample(sample), Path.Combine(ana.Environment["HOME"], name));
        }
        await File.WriteAllTextAsync(Path.Combine(ana.Environment["HOME"], ".environment"), $"export STORIES_URL={server.Url.ToString().TrimEnd('/')} STORIES_TOKEN={ana.Token}\n");

        var failures = new List<string>();
        foreach (var (path, script) in blocks)
        {
            var run = await ana.RunAsync("bash", ["-euo", "pipefail", "-c", $". ./.environment\n{script}"]);
            if (run.ExitCode != 0)
            {
                failures.Add($"{Path.GetFileName(path)}: {script}ended with {run.ExitCode}: {run.Error}");
            }
        }

        failures.Should().BeEmpty();
        blocks.Should().HaveCountGreaterThanOrEqualTo(5, "the documents show what to type");
    }

    [GeneratedRegex(@"(<!-- not run: (?<reason>[^\n]+?) -->\n)?^```sh\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
