using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace StoriesCli.Cli.Printing;

/// <summary>Prints help: examples first, exit codes last. The help of <c>stories</c> itself shows all commands in groups, one line each.</summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    private const int Width = 100,
        GroupedWidth = 80;
    private const char Unbroken = '\u00A0';

    public static readonly IReadOnlyList<string> RootExamples =
    [
        "stories                                  open the terminal UI",
        "stories post photo.jpg --caption Hello   post a story",
        "stories list --unseen                    list what is new",
        "stories join URL --handle NAME           join a server with an invite",
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var text = new StringBuilder();
        if (command is StoriesRoot root)
        {
            WriteRoot(text, root);
        }
        else
        {
            Write(text, command);
        }
        parseResult.InvocationConfiguration.Output.Write(text.ToString());
        return ExitCode.Done;
    }

    /// <summary>Gives the command's own help option this text.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Description = "Show help.";
            option.Action = new HelpText();
        }
    }

    /// <summary>The first sentence of a command's description, cut at a comma where it is too long for the width.</summary>
    public static string Summarize(Command command, int width)
    {
        var sentence = (command.Description ?? "").Split(". ")[0].TrimEnd('.');
        return sentence.Length > width && sentence.LastIndexOf(", ", width, StringComparison.Ordinal) is > 0 and var comma
            ? sentence[..comma]
            : sentence;
    }

    private static void WriteRoot(StringBuilder text, StoriesRoot root)
    {
        text.Append($"{root.Description}\n\nUsage: stories [command] [options]\n\n");
        var column = root.Groups.Max(group => group.Commands.Max(command => command.Name.Length)) + 4;
        foreach (var group in root.Groups)
        {
            text.Append($"{group.Name}:\n");
            foreach (var command in group.Commands)
            {
                text.Append($"  {command.Name.PadRight(column - 2)}{Summarize(command, GroupedWidth - column)}\n");
            }
        }
        var options = root
            .Options.Where(option => !option.Hidden)
            .Select(option => string.Join(", ", NamesOf(option)).Replace(' ', Unbroken));
        text.Append("Options:\n");
        foreach (var line in Wrap(string.Join("  ", options), GroupedWidth - 2))
        {
            text.Append($"  {line.Replace(Unbroken, ' ')}\n");
        }
        text.Append("\"stories\" opens the terminal UI. \"stories COMMAND --help\" explains a command.\n");
    }

    private static void Write(StringBuilder text, Command command)
    {
        var story = command as StoriesCommand;
        var subcommands = command.Subcommands.Where(sub => !sub.Hidden).ToArray();
        if (story?.Examples is { Count: > 0 } examples)
        {
            text.Append("Examples:\n" + string.Concat(examples.Select(example => $"  {example}\n")) + "\n");
        }
        text.Append("Description:\n" + string.Concat(Wrap(command.Description ?? "", Width - 2).Select(line => $"  {line}\n")) + "\n");
        text.Append($"Usage:\n  {Usage(command, subcommands)}\n\n");
        Section(
            text,
            "Arguments",
            command.Arguments.Where(it => !it.Hidden).Select(it => (Placeholder(NameOf(it)), Describe(it.Description, it)))
        );
        Section(text, "Options", OptionsOf(command).Select(it => (string.Join(", ", NamesOf(it)), Describe(it.Description, it))));
        Section(
            text,
            "Commands",
            subcommands.Select(it => (string.Join(' ', it.Arguments.Select(PlaceholderOf).Prepend(it.Name)), it.Description ?? ""))
        );
        if (story?.ExitCodes is { Count: > 0 } codes)
        {
            text.Append("Exit codes:\n" + string.Concat(codes.Select(code => $"  {code, -4} {ExitCode.Explain(code)}\n")));
            text.Append(story.OtherExitCodes is { } others ? $"  else {others}\n" : "");
            text.Append('\n');
        }
    }

    /// <summary>The command's own options first, then those of all commands.</summary>
    private static IEnumerable<Option> OptionsOf(Command command) =>
        command
            .Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive))
            .Where(option => !option.Hidden)
            .DistinctBy(option => option.Name);

    private static string Usage(Command command, Command[] subcommands)
    {
        var words = new List<string> { string.Join(' ', PathOf(command)) };
        words.AddRange(command.Arguments.Where(argument => !argument.Hidden).Select(PlaceholderOf));
        if (subcommands.Length > 0)
        {
            words.Add("[command]");
        }
        words.Add("[options]");
        return string.Join(' ', words);
    }

    private static IEnumerable<string> PathOf(Command command) =>
        command is RootCommand ? ["stories"] : [.. command.Parents.OfType<Command>().Take(1).SelectMany(PathOf), command.Name];

    private static string[] NamesOf(Option option)
    {
        var names = option
            .Aliases.Append(option.Name)
            .Where(name => name.StartsWith('-'))
            .Distinct()
            .OrderBy(name => name.Length)
            .ToArray();
        return option.HelpName is { } value ? [.. names[..^1], $"{names[^1]} {Placeholder(value)}"] : names;
    }

    private static string NameOf(Argument argument) => argument.HelpName ?? argument.Name;

    private static string PlaceholderOf(Argument argument)
    {
        var name = Placeholder(NameOf(argument)) + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    /// <summary>A name for one value; one with brackets of its own has several.</summary>
    public static string Placeholder(string name) => name.Contains('<', StringComparison.Ordinal) ? name : $"<{name}>";

    private static string Describe(string? description, Symbol symbol)
    {
        var fallback = symbol switch
        {
            Option { HasDefaultValue: true } option when option.GetDefaultValue() is not (null or false or Array) =>
                option.GetDefaultValue(),
            Argument { HasDefaultValue: true } argument => argument.GetDefaultValue(),
            _ => null,
        };
        return fallback is null ? description ?? "" : $"{description!.TrimEnd('.')} (default: {fallback}).";
    }

    private static void Section(StringBuilder text, string heading, IEnumerable<(string Name, string Description)> rows)
    {
        var shown = rows.ToArray();
        if (shown.Length == 0)
        {
            return;
        }
        var column = shown.Max(row => row.Name.Length) + 4;
        text.Append($"{heading}:\n");
        foreach (var (name, description) in shown)
        {
            var lines = Wrap(description, Width - column).ToArray();
            text.Append(string.Concat("  ", name.PadRight(column - 2), lines[0]).TrimEnd() + "\n");
            text.Append(string.Concat(lines.Skip(1).Select(line => new string(' ', column) + line + "\n")));
        }
        text.Append('\n');
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        for (; text.Length > width; )
        {
            var end = text.LastIndexOf(' ', width);
            yield return text[..end].TrimEnd();
            text = text[(end + 1)..].TrimStart();
        }
        yield return text;
    }
}
