using System.Text.RegularExpressions;

namespace StoriesCli.Acceptance;

/// <summary>The shell of docs/pipelines.md's recipes and of action.yml, run as each CI system would run it.</summary>
public sealed partial class PipelineTests
{
    private static readonly Dictionary<string, string> GitHub = new()
    {
        ["CI"] = "true",
        ["GITHUB_ACTIONS"] = "true",
        ["GITHUB_REPOSITORY"] = "team/parser",
        ["GITHUB_REF_NAME"] = "main",
        ["GITHUB_RUN_ID"] = "17",
        ["GITHUB_SERVER_URL"] = "https://github.com",
    };

    public static TheoryData<string> Recipes => [.. RecipesOf(Published.Read("docs/pipelines.md")).Distinct()];

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task A_recipe_posts_what_it_says(string shell)
    {
        await using var server = await RealServer.StartAsync();
        var ci = await OpenAsync(server);

        (await ci.RunAsync("env", [.. Variables(GitHub), "sh", "-e", "-c", shell])).Succeeded();

        if (shell.Contains("stories ", StringComparison.Ordinal))
        {
            (await ci.StoriesJsonAsync("list")).EnumerateArray().Should().ContainSingle();
        }
    }

    [Fact]
    public void All_systems_have_recipes() => Recipes.Should().HaveCountGreaterThanOrEqualTo(10);

    [Fact]
    public async Task The_action_posts_its_files_with_what_it_was_told()
    {
        await using var server = await RealServer.StartAsync();
        var ci = await OpenAsync(server);

        var found = await RunStepAsync(ci, "find", []);
        var posted = await RunStepAsync(
            ci,
            "post",
            new()
            {
                ["INPUT_FILES"] = "photo.jpg\n\ndemo.mp4\n",
                ["INPUT_CAPTION"] = "It's \"done\" $HOME",
                ["INPUT_SLOT"] = "build/main",
                ["INPUT_TTL"] = "6h",
                ["INPUT_TAGS"] = "nightly perf",
                ["INPUT_STATUS"] = "failure",
            }
        );

        found.Should().Be("how=path\nversion=\n");
        posted.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(4).And.StartWith("ids<<END").And.EndWith("END");
        var stories = await ci.StoriesJsonAsync("list", "--slot", "build/main");
        var story = stories.EnumerateArray().Should().ContainSingle().Subject;
        story.GetProperty("caption").GetString().Should().Be("It's \"done\" $HOME");
        story.GetProperty("source").GetProperty("status").GetString().Should().Be("failed");
        story.GetProperty("source").GetProperty("runUrl").GetString().Should().Be("https://github.com/team/parser/actions/runs/17");
        story.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).Should().Equal("nightly", "perf");
    }

    [Fact]
    public async Task The_action_posts_a_text()
    {
        await using var server = await RealServer.StartAsync();
        var ci = await OpenAsync(server);

        await RunStepAsync(ci, "post", new() { ["INPUT_TEXT"] = "released", ["INPUT_STATUS"] = "cancelled" });

        (await ci.StoriesJsonAsync("list"))[0].GetProperty("text").GetString().Should().Be("released");
    }

    private static async Task<Person> OpenAsync(RealServer server)
    {
        var ci = await server.JoinAsync("ci");
        File.Copy(Published.Sample("photo.jpg"), Path.Combine(ci.Home, "photo.jpg"));
        File.Copy(Published.Sample("photo.jpg"), Path.Combine(ci.Home, "before.png"));
        File.Copy(Published.Sample("video.mp4"), Path.Combine(ci.Home, "demo.mp4"));
        Scripts.WriteTo(ci.Home);
        return ci;
    }

    /// <summary>Runs one step of the action in the shell it names.</summary>
    /// <returns>What it put out for the steps after it.</returns>
    private static async Task<string> RunStepAsync(Person ci, string id, Dictionary<string, string> inputs)
    {
        var (step, script) = StepOf(id);
        var put = Path.Combine(ci.Home, "output-" + id);
        await File.WriteAllTextAsync(put, "");
        var unset = EmptyInput().Matches(step).ToDictionary(match => match.Groups[1].Value, _ => "");
        var all = GitHub.Concat(unset.Where(empty => !inputs.ContainsKey(empty.Key))).Concat(inputs).Append(new("GITHUB_OUTPUT", put));
        (await ci.RunAsync("env", [.. Variables(all), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script])).Succeeded();
        return await File.ReadAllTextAsync(put);
    }

    /// <summary>One step of the action, and its shell.</summary>
    internal static (string Step, string Script) StepOf(string id)
    {
        var step = Published.Read("action.yml").Split("\n    - ").Single(part => part.StartsWith($"id: {id}\n", StringComparison.Ordinal));
        return (
            step,
            string.Join('\n', step[(step.IndexOf("run: |", StringComparison.Ordinal) + 6)..].Split('\n').Select(line => line.TrimStart()))
        );
    }

    private static IEnumerable<string> Variables(IEnumerable<KeyValuePair<string, string>> all) =>
        all.Select(variable => $"{variable.Key}={variable.Value}");

    /// <summary>Each step's shell: blocks and lines of <c>run</c>, items of <c>script</c>, what <c>sh</c> is given, what follows cron's five fields.</summary>
    private static IEnumerable<string> RecipesOf(string document)
    {
        foreach (Match block in Fenced().Matches(document))
        {
            var text = block.Groups["text"].Value;
            var commands = block.Groups["kind"].Value switch
            {
                "yaml" => RunBlock()
                    .Matches(text)
                    .Select(match => match.Groups[1].Value)
                    .Concat(RunLine().Matches(text).Select(match => match.Groups[1].Value))
                    .Concat(ScriptItem().Matches(text).Select(match => match.Groups[1].Value)),
                "groovy" => JenkinsShell().Matches(text).Select(match => match.Groups[1].Value),
                _ => CronLine().Matches(text).Select(match => match.Groups[1].Value),
            };
            foreach (var command in commands.Select(command => command.Trim()))
            {
                yield return command.Contains("shot.png", StringComparison.Ordinal)
                && !command.Contains("make-screenshot", StringComparison.Ordinal)
                    ? $"./make-screenshot.sh shot.png; {command}"
                    : command;
            }
        }
    }

    [GeneratedRegex(@"^```(?<kind>yaml|groovy|crontab)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^ *run: \|\n((?: {10}.*\n)+)", RegexOptions.Multiline)]
    private static partial Regex RunBlock();

    [GeneratedRegex(@"^ *- run: (?!\|)(.+)$", RegexOptions.Multiline)]
    private static partial Regex RunLine();

    [GeneratedRegex(@"^ {4}(?: {2})?- ((?:stories|test|\./).+)$", RegexOptions.Multiline)]
    private static partial Regex ScriptItem();

    [GeneratedRegex(@"^ *sh '(.+)'$", RegexOptions.Multiline)]
    private static partial Regex JenkinsShell();

    [GeneratedRegex(@"^(?:[\d*/,-]+ ){5}(.+)$", RegexOptions.Multiline)]
    private static partial Regex CronLine();

    [GeneratedRegex(@"^ +(INPUT_\w+):", RegexOptions.Multiline)]
    private static partial Regex EmptyInput();
}
