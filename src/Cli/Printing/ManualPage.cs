using System.CommandLine;
using System.Text;

namespace StoriesCli.Cli.Printing;

/// <summary>Manual pages in man's format, made from the same definitions as the help.</summary>
internal static class ManualPage
{
    public static string Of(Command command)
    {
        var path = PathOf(command);
        var page = new StringBuilder();
        // No date, so that a page changes only with its command.
        page.Append($".TH {Escape(string.Join('-', path).ToUpperInvariant())} 1 \"\" \"stories-cli\" \"Stories\"\n");
        page.Append($".SH NAME\n{Escape(string.Join('-', path))} \\- {Escape(HelpText.Summarize(command, int.MaxValue))}\n");
        page.Append($".SH SYNOPSIS\n.B {Escape(string.Join(' ', path))}\n{Synopsis(command)}");
        page.Append($".SH DESCRIPTION\n{Escape(command.Description ?? "")}\n");
        Examples(page, command);
        Commands(page, command, path);
        Arguments(page, command);
        Options(page, "OPTIONS", command.Options);
        if (command is not RootCommand)
        {
            Options(page, "OPTIONS OF ALL COMMANDS", Above(command).SelectMany(parent => parent.Options).Where(option => option.Recursive));
        }
        ExitCodes(page, command);
        if (command is not RootCommand)
        {
            page.Append($".SH SEE ALSO\n.BR {Escape(string.Join('-', path[..^1]))} (1)\n");
        }
        return page.ToString();
    }

    /// <summary>Its file name when installed.</summary>
    public static string FileNameOf(Command command) => string.Join('-', PathOf(command)) + ".1";

    private static string[] PathOf(Command command) =>
        command is RootCommand ? ["stories"] : [.. command.Parents.OfType<Command>().Take(1).SelectMany(PathOf), command.Name];

    private static IEnumerable<Command> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Above(parent).Prepend(parent));

    private static string Synopsis(Command command)
    {
        var words = new List<string>();
        if (command.Subcommands.Any(sub => !sub.Hidden))
        {
            words.Add("\\fICOMMAND\\fR");
        }
        words.AddRange(
            command
                .Arguments.Where(argument => !argument.Hidden)
                .Select(argument =>
                {
                    var name =
                        $"\\fI{Escape(argument.HelpName ?? argument.Name)}\\fR{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}";
                    return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
                })
        );
        words.Add("[\\fIoptions\\fR]");
        return string.Join(' ', words) + "\n";
    }

    private static void Examples(StringBuilder page, Command command)
    {
        var examples = command is RootCommand ? HelpText.RootExamples : (command as StoriesCommand)?.Examples ?? [];
        if (examples.Count > 0)
        {
            page.Append(".SH EXAMPLES\n.nf\n" + string.Concat(examples.Select(example => Escape(example) + "\n")) + ".fi\n");
        }
    }

    private static void Commands(StringBuilder page, Command command, string[] path)
    {
        var groups = command is StoriesRoot root ? root.Groups : [new CommandGroup("", [.. command.Subcommands.Where(sub => !sub.Hidden)])];
        if (groups.All(group => group.Commands.Count == 0))
        {
            return;
        }
        page.Append(".SH COMMANDS\n");
        foreach (var group in groups)
        {
            page.Append(group.Name.Length > 0 ? $".SS {group.Name}\n" : "");
            foreach (var sub in group.Commands)
            {
                page.Append($".TP\n.BR {Escape(string.Join('-', path.Append(sub.Name)))} (1)\n{Escape(sub.Description ?? "")}\n");
            }
        }
    }

    private static void Arguments(StringBuilder page, Command command)
    {
        var arguments = command.Arguments.Where(argument => !argument.Hidden).ToArray();
        if (arguments.Length > 0)
        {
            page.Append(
                ".SH ARGUMENTS\n"
                    + string.Concat(
                        arguments.Select(argument =>
                            $".TP\n.I {Escape(argument.HelpName ?? argument.Name)}\n{Escape(argument.Description ?? "")}\n"
                        )
                    )
            );
        }
    }

    private static void Options(StringBuilder page, string heading, IEnumerable<Option> options)
    {
        var shown = options.Where(option => !option.Hidden).DistinctBy(option => option.Name).ToArray();
        if (shown.Length > 0)
        {
            page.Append(
                $".SH {heading}\n"
                    + string.Concat(
                        shown.Select(option =>
                        {
                            var names = string.Join(
                                ", ",
                                option
                                    .Aliases.Where(alias => alias.StartsWith('-'))
                                    .Append(option.Name)
                                    .Distinct()
                                    .Select(name => $"\\fB{Escape(name)}\\fR")
                            );
                            return $".TP\n{names}{(option.HelpName is { } value ? $" \\fI{Escape(value)}\\fR" : "")}\n{Escape(option.Description ?? "")}\n";
                        })
                    )
            );
        }
    }

    private static void ExitCodes(StringBuilder page, Command command)
    {
        if (command is StoriesCommand { ExitCodes.Count: > 0 } story)
        {
            page.Append(
                ".SH EXIT STATUS\n" + string.Concat(story.ExitCodes.Select(code => $".TP\n.B {code}\n{Escape(ExitCode.Explain(code))}\n"))
            );
            if (story.OtherExitCodes is { } others)
            {
                page.Append($".TP\n.B else\n{Escape(others)}\n");
            }
        }
    }

    /// <summary>A line must not begin like a formatter request.</summary>
    private static string Escape(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
