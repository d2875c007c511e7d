using System.CommandLine;

namespace StoriesCli.Cli.Commands.Account;

internal static class ManCommand
{
    public static Command Make(Runner runner, Func<RootCommand> root)
    {
        var path = new Argument<string[]>("COMMAND")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Command whose page to print (default: stories itself).",
        };
        var command = new StoriesCommand("man", "Print a manual page, to show with man or to install.") { path }.With([
            "stories man post | man -l -",
            "stories man token create > stories-token-create.1",
        ]);
        command.SetAction(
            runner.Run(
                (session, parsed, _) =>
                {
                    session.Out.Results.Write(ManualPage.Of(Find(root(), parsed.GetValue(path) ?? [])));
                    return Task.FromResult(ExitCode.Done);
                }
            )
        );
        return command;
    }

    private static Command Find(RootCommand root, string[] path)
    {
        Command command = root;
        foreach (var name in path)
        {
            command =
                command.Subcommands.FirstOrDefault(sub => sub.Name == name && !sub.Hidden)
                ?? throw CommandException.Usage(
                    $"There is no command \"{string.Join(' ', path)}\". \"stories --help\" lists all commands."
                );
        }
        return command;
    }
}
