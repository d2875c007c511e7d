using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace StoriesCli.Cli.Printing;

/// <summary>Help with the examples first and the exit codes last.</summary>
internal sealed class HelpText(HelpAction inner) : SynchronousCommandLineAction
{
    public static readonly IReadOnlyList<string> RootExamples =
    [
        "stories                                  opens the terminal UI",
        "stories post photo.jpg --caption Hello   posts a story",
        "stories list --unseen                    lists what is new",
        "stories join URL --handle NAME           joins a server with an invite",
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command as StoriesCommand;
        var examples = parseResult.CommandResult.Command is RootCommand ? RootExamples : command?.Examples ?? [];
        if (examples.Count > 0)
        {
            output.Write("Examples:\n" + string.Concat(examples.Select(example => $"  {example}\n")) + "\n");
        }
        inner.MaxWidth = 100;
        inner.Invoke(parseResult);
        if (command?.ExitCodes.Count > 0)
        {
            output.Write(
                "Exit codes:\n"
                    + string.Concat(command.ExitCodes.Select(code => $"  {code, -4} {ExitCode.Explain(code)}\n"))
                    + (command.OtherExitCodes is { } others ? $"  else {others}\n" : "")
                    + "\n"
            );
        }
        return ExitCode.Done;
    }

    /// <summary>Gives the command's own help option this text.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpText((HelpAction)option.Action!);
        }
    }
}
