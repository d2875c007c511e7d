using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Circles;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Fields of a new story, checked and cleaned. It is not a story yet, because it has no media.</summary>
internal sealed record StoryDraft
{
    public string? Caption { get; init; }
    public required TimeSpan Ttl { get; init; }
    public string? Slot { get; init; }
    public string[] Tags { get; init; } = [];
    public string[] Links { get; init; } = [];
    public int[]? Audience { get; init; }
    public string[]? AudienceNames { get; init; }
    public bool RepliesOn { get; init; } = true;
    public string? FileName { get; init; }
    public StorySource? Source { get; init; }
    public int[] Mentions { get; init; } = [];
    public int[] CaptionMentions { get; init; } = [];
    public string? Answers { get; init; }
    public StoredPoll? Poll { get; init; }
    public bool AsksHelp { get; init; }
}

/// <summary>An author's changes to a story, checked and cleaned. Null leaves a field as it is.</summary>
internal sealed record StoryRevision
{
    /// <summary>The empty text removes the caption.</summary>
    public string? Caption { get; init; }

    /// <summary>Numbers of the accounts that the caption mentions; null when the caption is not changed.</summary>
    public int[]? CaptionMentions { get; init; }
    public TimeSpan? Ttl { get; init; }
    public string[]? Tags { get; init; }
    public (int[]? Numbers, string[]? Names)? Audience { get; init; }
    public bool? RepliesOn { get; init; }
}

/// <summary>Checks the fields of a story.</summary>
internal sealed class StoryRules(ServerOptions options, AccountStore accounts, CircleStore circles, AskedQuestion askedQuestion)
{
    /// <param name="author">Number of the author, whose circles an audience may name.</param>
    /// <param name="story">Requested fields.</param>
    /// <param name="faults">Faults found so far. More are added.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c>, with all faults at once.</exception>
    public StoryDraft Check(int author, NewStory story, ValidationErrors faults)
    {
        var (audience, names) = CheckAudience(author, story.Audience, faults);
        var draft = new StoryDraft
        {
            Caption = CheckCaption(story.Caption, faults),
            Ttl = CheckTtl(story.Ttl, faults),
            Slot = CheckSlot(story.Slot, faults),
            Tags = CheckTags(story.Tags ?? [], faults),
            Links = CheckLinks(story.Links ?? [], faults),
            Audience = audience,
            AudienceNames = names,
            RepliesOn = story.RepliesOn ?? true,
            FileName = CheckFileName(story.FileName, "fileName", faults),
            Source = story.Source is null ? null : CheckSource(story.Source, faults),
            Answers = CheckAnswers(story.Answers, faults),
            Poll = story.Poll is null ? null : AskingRules.CheckPoll(story.Poll, faults),
            AsksHelp = AskingRules.CheckAsks(story.Asks, faults),
            Mentions = [.. MentionRules.CheckNamed(story.Mentions, accounts, faults).Union(MentionRules.InText(story.Text, accounts))],
            CaptionMentions = MentionRules.InText(story.Caption, accounts),
        };
        MentionRules.CheckCount(draft.Mentions.Concat(draft.CaptionMentions), faults);
        faults.ThrowIfAny();
        return draft;
    }

    /// <param name="author">Number of the author, whose circles an audience may name.</param>
    /// <param name="edit">Requested changes.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c>, with all faults at once.</exception>
    public StoryRevision Check(int author, StoryEdit edit)
    {
        var faults = new ValidationErrors();
        var revision = new StoryRevision
        {
            Caption = edit.Caption is null ? null : CheckCaption(edit.Caption, faults) ?? "",
            CaptionMentions = edit.Caption is null ? null : MentionRules.InText(edit.Caption, accounts),
            Ttl = edit.Ttl is null ? null : CheckTtl(edit.Ttl, faults),
            Tags = edit.Tags is null ? null : CheckTags(edit.Tags, faults, "tags"),
            Audience = edit.Audience is null ? null : CheckAudience(author, edit.Audience, faults),
            RepliesOn = edit.RepliesOn,
        };
        faults.ThrowIfAny();
        return revision;
    }

    /// <summary>The audience after an edit, which may only become narrower.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    public static (int[]? Numbers, string[]? Names) Narrow(StoryRow row, (int[]? Numbers, string[]? Names) asked, AccountStore accounts)
    {
        if (row.Audience is not null && asked.Numbers is null)
        {
            throw ApiProblem.Invalid("audience", "may only become narrower, and the team is wider than those who can see the story");
        }
        var added = asked.Numbers is null ? -1 : Array.FindIndex(asked.Numbers, number => !row.IsVisibleTo(number));
        return added < 0
            ? asked
            : throw ApiProblem.Invalid(
                "audience",
                $"may only become narrower, and {accounts.GetPerson(asked.Numbers![added]).Handle} cannot see the story"
            );
    }

    private static string? CheckCaption(string? asked, ValidationErrors faults)
    {
        var caption = CleanText.KeepColours(asked ?? "");
        var length = caption.EnumerateRunes().Count();
        if (length > Limits.CaptionCharacters)
        {
            faults.Add("caption", $"must have at most {Limits.CaptionCharacters} characters, has {length}");
        }
        if (!string.IsNullOrWhiteSpace(asked) && ValidationErrors.FaultOfBlank(CleanText.Lines(caption)) is not null)
        {
            faults.Add("caption", ValidationErrors.Invisible);
        }
        return string.IsNullOrWhiteSpace(CleanText.Lines(caption)) ? null : caption;
    }

    private string? CheckAnswers(string? asked, ValidationErrors faults)
    {
        if (asked is not null && askedQuestion() != asked)
        {
            faults.Add("answers", $"no question \"{Excerpt.Of(asked)}\" is asked now");
        }
        return asked;
    }

    private TimeSpan CheckTtl(string? asked, ValidationErrors faults)
    {
        if (asked is null)
        {
            return options.DefaultTtl;
        }
        if (!Durations.TryParse(asked, out var ttl) && !Durations.IsTooLong(asked))
        {
            faults.Add("ttl", $"must be a duration such as 90s, 15m, 6h, 7d or PT6H, was \"{Excerpt.Of(asked)}\"");
        }
        else if (ttl < options.MinTtl || ttl > options.MaxTtl)
        {
            faults.Add("ttl", $"must be {Durations.Format(options.MinTtl)} to {Durations.Format(options.MaxTtl)}, was {Excerpt.Of(asked)}");
        }
        return ttl;
    }

    private static string? CheckSlot(string? asked, ValidationErrors faults)
    {
        if (asked is not null && !Names.Slot.IsMatch(asked))
        {
            faults.Add("slot", $"must be 1 to 64 of a-z, 0-9, . _ / and -, was \"{Excerpt.Of(asked)}\"");
        }
        return asked;
    }

    private static string[] CheckTags(string[] asked, ValidationErrors faults, string field = "tag")
    {
        string[] tags = [.. asked.Distinct()];
        foreach (var tag in tags.Where(tag => tag is null || !Names.Tag.IsMatch(tag)))
        {
            faults.Add(field, $"must be 1 to 32 of a-z, 0-9 and -, was \"{Excerpt.Of(tag)}\"");
        }
        if (tags.Length > Limits.Tags)
        {
            faults.Add(field, $"at most {Limits.Tags}, was given {tags.Length}");
        }
        return tags;
    }

    private static string[] CheckLinks(string[] asked, ValidationErrors faults)
    {
        if (asked.Length > Limits.Links)
        {
            faults.Add("link", $"at most {Limits.Links}, was given {asked.Length}");
        }
        foreach (var link in asked)
        {
            CheckLink("link", link, faults);
        }
        return asked;
    }

    private static void CheckLink(string field, string? link, ValidationErrors faults)
    {
        if (
            link is null
            || link.Length > Limits.LinkCharacters
            || !Uri.TryCreate(link, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
        )
        {
            faults.Add(field, $"must be an http(s) address of at most {Limits.LinkCharacters} characters, was \"{Excerpt.Of(link)}\"");
        }
        else if (CleanText.OneLine(link) != link)
        {
            faults.Add(field, "must have no control characters");
        }
    }

    private (int[]? Numbers, string[]? Names) CheckAudience(int author, string[]? asked, ValidationErrors faults)
    {
        if (asked is null or ["team"])
        {
            return (null, null);
        }
        if (asked is [])
        {
            // A client that computed an empty list must not reach everybody.
            faults.Add("audience", "must name somebody, was empty: leave it out, or say team, for everybody");
        }
        string[] names = [.. asked.Distinct()];
        if (names.Length > Limits.AudienceNames)
        {
            faults.Add("audience", $"at most {Limits.AudienceNames} names, was given {names.Length}");
            return (null, null);
        }
        var numbers = new List<int>();
        foreach (var name in names)
        {
            if (name == "team")
            {
                faults.Add("audience", "is either team or names, not both");
            }
            else if (name is ['+', .. var circle] && circles.FindMembers(author, circle) is { } members)
            {
                numbers.AddRange(members.Where(n => accounts.Find(n) is { Disabled: false }));
            }
            else if (name is not null && accounts.Find(name) is { Disabled: false } account)
            {
                numbers.Add(account.Number);
            }
            else
            {
                faults.Add(
                    "audience",
                    name is ['+', ..] ? $"you have no circle \"{Excerpt.Of(name[1..])}\"" : $"there is nobody called \"{Excerpt.Of(name)}\""
                );
            }
        }
        return ([.. numbers.Distinct()], names);
    }

    /// <summary>Last segment of the name, cleaned; null when it has no visible characters.</summary>
    public static string? CheckFileName(string? asked, string field, ValidationErrors faults)
    {
        var name = CleanText.OneLine(asked ?? "");
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        var bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes > Limits.FileNameBytes)
        {
            faults.Add(field, $"must have at most {Limits.FileNameBytes} bytes, has {bytes}");
        }
        return name is "." or ".." || !VisibleText.ShowsSomething(name) ? null : name;
    }

    private static StorySource CheckSource(StorySource asked, ValidationErrors faults)
    {
        if (asked.Status is not (null or "passed" or "failed"))
        {
            faults.Add("source.status", $"must be passed or failed, was \"{Excerpt.Of(asked.Status)}\"");
        }
        if (asked.ExitCode is < 0 or > 255)
        {
            faults.Add("source.exitCode", $"must be 0 to 255, was {asked.ExitCode}");
        }
        if (asked.DurationMs < 0)
        {
            faults.Add("source.durationMs", $"must be 0 or more, was {asked.DurationMs}");
        }
        if (asked.RunUrl is not null)
        {
            CheckLink("source.runUrl", asked.RunUrl, faults);
        }
        return asked with
        {
            Repository = CheckSourceText("source.repository", asked.Repository, faults),
            Commit = CheckSourceText("source.commit", asked.Commit, faults),
            Ref = CheckSourceText("source.ref", asked.Ref, faults),
            Run = CheckSourceText("source.run", asked.Run, faults),
        };
    }

    private static string? CheckSourceText(string field, string? asked, ValidationErrors faults)
    {
        var text = CleanText.OneLine(asked ?? "");
        var length = text.EnumerateRunes().Count();
        if (length > Limits.SourceCharacters)
        {
            faults.Add(field, $"must have at most {Limits.SourceCharacters} characters, has {length}");
        }
        if (!string.IsNullOrWhiteSpace(asked) && ValidationErrors.FaultOfBlank(text) is not null)
        {
            faults.Add(field, ValidationErrors.Invisible);
        }
        return text.Length == 0 ? null : text;
    }
}
