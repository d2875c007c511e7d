using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

/// <summary>What can be said of a story that is posted, whatever it is made of.</summary>
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
        Description = "Lifetime: 90s, 15m, 6h, 7d. 24h unless told.",
    };
    private readonly Option<string?> _slot = new("--slot")
    {
        HelpName = "NAME",
        Description =
            "Replaces your story of this name in trays and lists. A name that no slot can have, such as a branch's, becomes one: in a-z, 0-9, . _ / -, at most 64, with a hash.",
    };
    private readonly Option<string[]> _tags = new("--tag") { HelpName = "TAG", Description = "A tag; again for more, at most 10." };
    private readonly Option<string[]> _to = new("--to")
    {
        HelpName = "HANDLE",
        Description = "Who may see it: a handle or +circle; again for more. The whole team unless told.",
    };
    private readonly Option<string[]> _links = new("--link") { HelpName = "URL", Description = "A link; again for more, at most 3." };
    private readonly Option<bool> _noReplies = new("--no-replies") { Description = "Takes no replies." };
    private readonly Option<bool> _fromCi = new("--from-ci")
    {
        Description = "Tells repository, commit, ref and run; by itself where a CI system is recognised, an error elsewhere.",
    };
    private readonly Option<bool> _notFromCi = new("--no-from-ci") { Description = "Tells nothing of the CI system." };

    public IEnumerable<Option> All => [_caption, _ttl, _slot, _tags, _to, _links, _noReplies, _fromCi, _notFromCi];

    /// <summary>The story without its content.</summary>
    /// <exception cref="CommandException">A value that no server takes, or <c>--from-ci</c> where no CI system is.</exception>
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
            Source = ReadSource(parsed, session.Around.Environment),
        };

    private StorySource? ReadSource(ParseResult parsed, Func<string, string?> environment)
    {
        if (parsed.GetValue(_notFromCi))
        {
            return parsed.GetValue(_fromCi) ? throw CommandException.Usage("--from-ci and --no-from-ci contradict each other.") : null;
        }
        return Pipelines.Find(environment)
            ?? (
                parsed.GetValue(_fromCi)
                    ? throw CommandException.Usage(
                        $"--from-ci: no CI system is recognised by its variables; known are {string.Join(", ", Pipelines.Names)}."
                    )
                    : null
            );
    }

    /// <summary>Which are too short or too long the server says, whose host has set the limits.</summary>
    private static string? CheckTtl(string? ttl) =>
        ttl is null || Durations.TryParse(ttl, out _) || Durations.IsTooLong(ttl)
            ? ttl
            : throw CommandException.Usage($"--ttl takes a time such as 90s, 15m, 6h or 7d, not \"{ttl}\".");

    private static string[]? OrNull(string[]? values) => values is { Length: > 0 } ? values : null;
}
