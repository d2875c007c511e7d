using System.CommandLine;
using System.CommandLine.Help;

namespace StoriesCli.Cli;

/// <summary><c>stories</c> alone: the terminal UI on a terminal, help elsewhere.</summary>
internal static class TuiStart
{
    public static void Install(RootCommand root, Runner runner) => root.SetAction(runner.Run(async (session, parsed, cancel) =>
    {
        var around = session.Around;
        if (around.InIsTerminal && around.OutIsTerminal && !around.IsDumb)
        {
            return await OpenAsync(session, cancel).ConfigureAwait(false);
        }
        return ((HelpText)root.Options.OfType<HelpOption>().Single().Action!).Invoke(parsed);
    }));

    private static Task<int> OpenAsync(Session session, CancellationToken cancel)
    {
        _ = session.Api;
        throw new CommandException(ExitCode.Failed, "The terminal UI is not part of this build.");
    }
}
