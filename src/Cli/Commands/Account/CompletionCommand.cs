using System.CommandLine;
using StoriesCli.Cli.Completion;

namespace StoriesCli.Cli.Commands.Account;

internal static class CompletionCommand
{
    public static Command Make(Runner runner)
    {
        var shell = new Argument<string>("SHELL") { HelpName = string.Join('|', ShellScripts.Shells), Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong(ShellScripts.Shells);
        var command = new StoriesCommand(
            "completion",
            "Print the completion script for your shell. Completes commands, options, ids and handles."
        )
        {
            shell,
        }.With([
            "source <(stories completion bash)                                  in ~/.bashrc",
            "source <(stories completion zsh)                                   in ~/.zshrc, after compinit",
            "stories completion fish > ~/.config/fish/completions/stories.fish",
        ]);
        command.SetAction(
            runner.Run(
                (session, parsed, _) =>
                {
                    session.Out.Results.Write(ShellScripts.For(parsed.GetValue(shell)!));
                    return Task.FromResult(ExitCode.Done);
                }
            )
        );
        return command;
    }

    /// <summary>For the completion scripts. It never fails, because nobody would see the error.</summary>
    public static Command MakeComplete(Runner runner, Func<RootCommand> root)
    {
        var line = new Argument<string>("LINE") { Description = "The line up to the cursor." };
        var command = new Command("complete", "Print what can follow on the line, with a short description of each.") { line };
        command.Hidden = true;
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    foreach (var item in await Candidates.FindAsync(root(), session, parsed.GetValue(line)!, cancel).ConfigureAwait(false))
                    {
                        session.Out.Tabbed(item.Label, item.Documentation ?? item.Detail ?? "");
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
