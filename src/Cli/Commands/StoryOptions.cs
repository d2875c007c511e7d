using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

/// <summary>Options of every command that posts a story.</summary>
internal sealed class StoryOptions
{
    private readonly Option<string?> _caption = new("--caption")
    {
        HelpName = "TEXT",
        Description = "Shown under the story, at most 2,048 characters.",
    };
    private readonly Option<string?> _ttl = new("--ttl")
    {
        HelpName = "TIME",
        Description = "Lifetime, for example 90m, 6h, 7d (default: 24h).",
    };
    private readonly Option<string?> _slot = new("--slot")
    {
        HelpName = "NAME",
        Description =
            "Replace your story with this slot name in trays and lists. Invalid names, such as branch names, are converted: a-z, 0-9, . _ / -, at most 64 characters, plus a hash.",
    };
    private readonly Option<string[]> _tags = new("--tag") { HelpName = "TAG", Description = "A tag. Repeat for more, at most 10." };
    private readonly Option<string[]> _to = new("--to")
    {
        HelpName = "HANDLE",
        Description = "Who may see it: a handle or +circle. Repeat for more (default: the whole team).",
    };
    private readonly Option<string[]> _links = new("--link") { HelpName = "URL", Description = "A link. Repeat for more, at most 3." };
    private readonly Option<bool> _noReplies = new("--no-replies") { Description = "Allow no replies." };
    private readonly Option<bool> _fromCi = new("--from-ci")
    {
        Description = "Attach repository, commit, ref and run (default: if a CI system is recognised). Fails outside a known CI system.",
    };
    private readonly Option<bool> _notFromCi = new("--no-from-ci") { Description = "Attach nothing about the CI system." };

    public IEnumerable<Option> All => [_caption, _ttl, _slot, _tags, _to, _links, _noReplies, _fromCi, _notFromCi];

    /// <summary>Reads the options into a story without content.</summary>
    /// <exception cref="CommandException">A value that the server would refuse, or <c>--from-ci</c> outside a known CI system.</exception>
    public NewStory Read(ParseResult parsed, Session session) =>
        new()
        {
            Caption = parsed.GetValue(_caption),
            Ttl = CheckTtl(parsed.GetValue(_ttl)),
            Slot = SlotName.Read(session, parsed.GetValue(_slot)),
            Tags = OrNull(parsed.GetValue(_tags)),
            Audience = OrNull(parsed.GetValue(_to)?.Select(name => Handles.CheckAudience("--to", name)).ToArray()),
            Links = OrNull(parsed.GetValue(_links)),
            RepliesOn = parsed.GetValue(_noReplies) ? false : null,
            Source = ReadSource(parsed, session.Context.Environment),
        };

    private StorySource? ReadSource(ParseResult parsed, Func<string, string?> environment)
    {
        if (parsed.GetValue(_notFromCi))
        {
            return parsed.GetValue(_fromCi) ? throw CommandException.Usage("--from-ci and --no-from-ci exclude each other.") : null;
        }
        return Pipelines.Find(environment)
            ?? (
                parsed.GetValue(_fromCi)
                    ? throw CommandException.Usage(
                        $"--from-ci: no CI system was recognised by its variables. Known systems: {string.Join(", ", Pipelines.Names)}."
                    )
                    : null
            );
    }

    /// <summary>The server checks the length, because its host sets the limits.</summary>
    private static string? CheckTtl(string? ttl) =>
        ttl is null || Durations.TryParse(ttl, out _) || Durations.IsTooLong(ttl)
            ? ttl
            : throw CommandException.Usage($"--ttl takes a time such as 90s, 15m, 6h or 7d, not \"{ttl}\".");

    private static string[]? OrNull(string[]? values) => values is { Length: > 0 } ? values : null;
}
