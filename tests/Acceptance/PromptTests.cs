using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>The recipes for prompts in docs/tour.md, in the shells they are for.</summary>
public sealed partial class PromptTests
{
    [Theory]
    [InlineData("bash", "bash --norc", "eval \"$(cat recipe)\"; printf 'prompt:%s\\n' \"${PS1@P}\"")]
    [InlineData("zsh", "zsh -f", "source ./recipe; print -P \"prompt:$PROMPT\"")]
    [InlineData("fish", "fish --no-config", "source recipe; echo prompt:(fish_right_prompt)")]
    public async Task A_prompt_shows_how_many_stories_are_unseen(string shell, string program, string command)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        await ana.StoriesAsync("post", "--text", "one");
        await ana.StoriesAsync("post", "--text", "two");
        await File.WriteAllTextAsync(Path.Combine(bob.Home, "recipe"), RecipeFor(shell));

        // The first prompt only asks for the number: the next one has it.
        await Eventually.TrueAsync(async () =>
            (await bob.RunAsync(program.Split(' ')[0], [.. program.Split(' ').Skip(1), "-c", command]))
                .Succeeded()
                .Out.Contains("prompt:●2", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_status_line_of_tmux_takes_its_recipe()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await File.WriteAllTextAsync(Path.Combine(ana.Home, "tmux.conf"), RecipeFor("tmux"));

        var shown = await ana.RunAsync(
            "tmux",
            [
                "-S",
                Path.Combine(ana.Home, "socket"),
                "-f",
                "tmux.conf",
                "new-session",
                "-d",
                ";",
                "show-options",
                "-g",
                "status-right",
                ";",
                "kill-server",
            ]
        );

        shown.Succeeded().Out.Should().Contain("stories count --unseen");
    }

    [Fact]
    public async Task The_commands_of_starship_show_the_number_and_nothing_where_there_is_none()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        var recipe = RecipeFor("toml");
        var (command, when) = (Value(recipe, "command"), Value(recipe, "when"));
        (await bob.RunAsync("sh", ["-c", when])).ExitCode.Should().NotBe(0);

        await ana.StoriesAsync("post", "--text", "one");

        await Eventually.TrueAsync(async () => (await bob.RunAsync("sh", ["-c", when])).ExitCode == 0);
        (await bob.RunAsync("sh", ["-c", command])).Succeeded().Out.Trim().Should().Be("1");
    }

    private static string Value(string toml, string key) =>
        toml.Split('\n')
            .Single(line => line.StartsWith(key + " = ", StringComparison.Ordinal))[(key.Length + 3)..]
            .Trim('"')
            .Replace("\\\"", "\"", StringComparison.Ordinal);

    private static string RecipeFor(string shell) =>
        Block().Matches(Published.Read("docs/tour.md")).Single(match => match.Groups["shell"].Value == shell).Groups["script"].Value;

    [GeneratedRegex(@"^```(?<shell>bash|zsh|fish|tmux|toml)\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
