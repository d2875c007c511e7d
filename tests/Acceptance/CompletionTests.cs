using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>The completion key, in the shells themselves.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task Bash_completes_commands_options_ids_handles_and_files()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var id = (await ana.StoriesAsync("post", "--text", "x", "--quiet")).Succeeded().Out.Trim();
        await File.WriteAllTextAsync(Path.Combine(ana.Home, "holiday.txt"), "x");
        await using var terminal = await TmuxRobot.OpenAsync(120, 30, ana.Environment);
        await terminal.PressAsync("exec bash --norc", "Enter");
        await terminal.PressAsync("cd; source <(stories completion bash); clear; echo loaded", "Enter");
        await terminal.SeesAsync("loaded");

        foreach (
            var (typed, completed) in (IEnumerable<(string, string)>)
                [
                    ("stories whoa", "stories whoami "),
                    ("stories post --capt", "stories post --caption "),
                    ($"stories show {id[..6]}", $"stories show {id} "),
                    ("stories play @a", "stories play @ana "),
                    ("stories list --author a", "stories list --author ana "),
                    ("stories post hol", "stories post holiday.txt "),
                ]
        )
        {
            await terminal.PressAsync("-l", typed);
            await terminal.PressAsync("Tab");
            await terminal.PressAsync("-l", "|");
            await terminal.SeesAsync(completed + "|");
            await terminal.PressAsync("C-u");
        }
    }

    [Fact]
    public async Task Zsh_completes_with_a_word_on_each()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await ana.StoriesAsync("post", "--text", "x", "--caption", "first: one");
        await ana.StoriesAsync("post", "--text", "x", "--caption", "second");
        await using var terminal = await TmuxRobot.OpenAsync(120, 30, ana.Environment);
        await terminal.PressAsync("exec zsh -f", "Enter");
        await terminal.PressAsync("autoload -U compinit; compinit -D -u; source <(stories completion zsh); clear; echo loaded", "Enter");
        await terminal.SeesAsync("loaded");

        await terminal.PressAsync("-l", "stories whoa");
        await terminal.PressAsync("Tab");
        await terminal.SeesAsync("stories whoami");
        await terminal.PressAsync("C-u");
        await terminal.PressAsync("-l", "stories show ");
        await terminal.PressAsync("Tab", "Tab");

        await terminal.SeesAsync("ana: first: one");
        await terminal.SeesAsync("ana: second");
    }

    [Fact]
    public async Task Fish_completes_too()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        var ran = await ana.RunAsync(
            "fish",
            ["--no-config", "-c", "stories completion fish | source; complete -C 'stories list --author '; complete -C 'stories exte'"]
        );

        ran.Succeeded().Out.Should().Contain("ana\tana").And.Contain("extend\t");
    }
}
