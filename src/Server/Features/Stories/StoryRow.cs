using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A story as stored.</summary>
internal sealed record StoryRow
{
    public static readonly Collection<StoryRow> Collection = new("stories", ToDocument, FromDocument);

    public required string Id { get; init; }
    public required int Author { get; init; }
    public required string Kind { get; init; }
    public string? Caption { get; init; }
    public string? Text { get; init; }
    public string[] Tags { get; init; } = [];
    public string[] Links { get; init; } = [];
    public string? Slot { get; init; }

    /// <summary>Whether a newer story replaced it in its slot, for its author and for <see cref="ReplacedFor"/>.</summary>
    public bool Replaced { get; init; }

    /// <summary>Numbers of the accounts that may see the newer stories; null for everybody.</summary>
    public int[]? ReplacedFor { get; init; }

    /// <summary>Numbers of the accounts besides the author that may see it; null for the team.</summary>
    public int[]? Audience { get; init; }

    /// <summary>The audience as the author wrote it; null for the team.</summary>
    public string[]? AudienceNames { get; init; }
    public bool RepliesOn { get; init; } = true;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>When it leaves tray and lists. A story that is not kept ends then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The highlight that keeps it, or null.</summary>
    public string? KeptIn { get; init; }

    /// <summary>When it was kept; null also for stories kept before servers stored this.</summary>
    public DateTimeOffset? KeptAt { get; init; }

    /// <summary>Position in the highlight, lowest first.</summary>
    public int KeptRank { get; init; }

    /// <summary>Whether it has expired and is in its author's archive.</summary>
    public bool Archived { get; init; }
    public required StoryMedia Media { get; init; }

    /// <summary>The comparison, with the two other files; null unless it is a before/after story.</summary>
    public StoryCompare? Compare { get; init; }
    public StorySource? Source { get; init; }

    /// <summary>Numbers of the accounts that its field and text mention. They never change.</summary>
    public int[] Mentions { get; init; } = [];

    /// <summary>Numbers of the accounts that its caption mentions.</summary>
    public int[] CaptionMentions { get; init; } = [];

    /// <summary>Id of the question that it answers, or null.</summary>
    public string? Answers { get; init; }
    public StoredPoll? Poll { get; init; }
    public bool AsksHelp { get; init; }

    /// <summary>When the author marked the help request as resolved, or null.</summary>
    public DateTimeOffset? HelpResolvedAt { get; init; }

    /// <summary>How it began as a live terminal, and how that ended; null for other stories.</summary>
    public StoredBroadcast? Broadcast { get; init; }

    /// <summary>Whether its command still runs. Then its file grows, and is no recording yet: nobody is served it, and nobody checks it.</summary>
    public bool IsLive => Broadcast is { State: StoredBroadcast.Running };

    public StorySubject Subject => new(Id, Author, Audience);

    /// <summary>Size of all its files, in bytes.</summary>
    public long Bytes => Media.Bytes + (Compare is { } compare ? compare.Before.Bytes + compare.Difference.Bytes : 0);

    /// <summary>
    /// Whether <see cref="Text"/> is the whole text, so that the row alone holds the story. For a longer text, the row has only the
    /// beginning. Older servers kept a file of every text: it goes when the story ends, and nobody reads it.
    /// </summary>
    public bool HoldsText => Kind == StoryKinds.Text && Text is not null && Encoding.UTF8.GetByteCount(Text) == Media.Bytes;

    /// <summary>Its files by part; null stands for the main file. Empty when the row holds the text, and while the story is live.</summary>
    public IEnumerable<(string? Part, StoryMedia Media)> Files =>
        Compare is { } compare ? [(null, Media), (StoryParts.Before, compare.Before), (StoryParts.Difference, compare.Difference)]
        : HoldsText || IsLive ? []
        : [(null, Media)];

    /// <summary>Type, length and hash of a requested part.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c>: the story does not have this part. <c>story_live</c>: its recording is not complete.</exception>
    public StoryMedia GetFile(string? part) =>
        IsLive ? throw new ApiProblem(Errors.StoryLive, $"story {Id} is a live terminal whose command runs")
        : part is null ? Media
        : Compare is null ? throw ApiProblem.Invalid("part", $"only a before/after story has parts, and this story is none")
        : Files.Single(file => file.Part == (part == StoryParts.After ? null : part)).Media;

    public bool HasOpenHelp => AsksHelp && HelpResolvedAt is null;

    /// <summary>Numbers of all accounts that it mentions.</summary>
    public IEnumerable<int> Mentioned => Mentions.Union(CaptionMentions);

    /// <summary>An archived story stays expired even if the clock is set back.</summary>
    public bool IsExpired(DateTimeOffset now) => Archived || IsOver(now);

    /// <summary>Whether its lifetime was over at a time, and no highlight kept it.</summary>
    public bool IsOver(DateTimeOffset at) => KeptIn is null && ExpiresAt <= at;

    /// <summary>Whether it is in tray and lists. A kept story leaves them at the end of its lifetime.</summary>
    public bool IsListed(DateTimeOffset now) => ExpiresAt > now;

    public bool IsVisibleTo(int account) => Author == account || Audience is null || Audience.Contains(account);

    /// <summary>Whether a newer story replaced it for this account. One that the account may not see does not count, or the account would learn of it.</summary>
    public bool IsReplacedFor(int account) => Replaced && (ReplacedFor is null || Author == account || ReplacedFor.Contains(account));

    /// <summary>Whether it is replaced for everybody.</summary>
    public bool IsReplacedForAll => Replaced && ReplacedFor is null;

    /// <summary>The story after one for this audience has taken its slot.</summary>
    public StoryRow ReplacedBy(int[]? audience)
    {
        int[]? seeing = audience is null || IsReplacedForAll ? null : [.. (ReplacedFor ?? []).Union(audience)];
        return this with { Replaced = true, ReplacedFor = seeing is null || Audience?.All(seeing.Contains) == true ? null : seeing };
    }

    /// <summary>Whether it contains the number of an account that is not its author.</summary>
    public bool Names(int account) =>
        Audience?.Contains(account) == true
        || ReplacedFor?.Contains(account) == true
        || Mentions.Contains(account)
        || CaptionMentions.Contains(account);

    public StoryRow Without(int account) =>
        this with
        {
            Audience = Without(Audience, account),
            ReplacedFor = Without(ReplacedFor, account),
            Mentions = Without(Mentions, account)!,
            CaptionMentions = Without(CaptionMentions, account)!,
        };

    internal static int[]? Without(int[]? numbers, int account) =>
        numbers?.Contains(account) == true ? [.. numbers.Where(number => number != account)] : numbers;

    private static RowDocument ToDocument(StoryRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["author"] = row.Author,
            ["kind"] = row.Kind,
            ["caption"] = row.Caption,
            ["text"] = row.Text,
            ["tags"] = row.Tags,
            ["links"] = row.Links,
            ["slot"] = row.Slot,
            ["replaced"] = row.Replaced,
            ["replacedFor"] = row.ReplacedFor,
            ["audience"] = row.Audience,
            ["audienceNames"] = row.AudienceNames,
            ["repliesOn"] = row.RepliesOn,
            ["createdAt"] = row.CreatedAt,
            ["editedAt"] = row.EditedAt,
            ["expiresAt"] = row.ExpiresAt,
            ["keptIn"] = row.KeptIn,
            ["keptAt"] = row.KeptAt,
            ["keptRank"] = row.KeptRank,
            ["archived"] = row.Archived,
            ["type"] = row.Media.Type,
            ["bytes"] = row.Media.Bytes,
            ["sha256"] = row.Media.Sha256,
            ["width"] = row.Media.Width,
            ["height"] = row.Media.Height,
            ["durationMs"] = row.Media.DurationMs,
            ["fileName"] = row.Media.FileName,
            ["convertedFrom"] = row.Media.ConvertedFrom,
            ["compare"] = row.Compare is null ? null : ToDocument(row.Compare),
            ["source"] = row.Source is null ? null : ToDocument(row.Source),
            ["mentions"] = row.Mentions,
            ["captionMentions"] = row.CaptionMentions,
            ["answers"] = row.Answers,
            ["poll"] = row.Poll is null ? null : ToDocument(row.Poll),
            ["asksHelp"] = row.AsksHelp,
            ["helpResolvedAt"] = row.HelpResolvedAt,
            ["broadcast"] = row.Broadcast is null ? null : ToDocument(row.Broadcast),
        };

    private static StoryRow FromDocument(RowDocument document) =>
        new()
        {
            Id = document["_id"].Text,
            Author = document["author"].Int,
            Kind = string.Intern(document["kind"].Text),
            Caption = document["caption"].Text,
            Text = document["text"].Text,
            Tags = document["tags"].Texts,
            Links = document["links"].Texts,
            Slot = document["slot"].Text,
            Replaced = document["replaced"].Flag,
            ReplacedFor = document["replacedFor"].IntsOrNull,
            Audience = document["audience"].IntsOrNull,
            AudienceNames = document["audienceNames"].TextsOrNull,
            RepliesOn = document["repliesOn"].Flag,
            CreatedAt = document["createdAt"].Time,
            EditedAt = document["editedAt"].TimeOrNull,
            ExpiresAt = document["expiresAt"].Time,
            KeptIn = document["keptIn"].Text,
            KeptAt = document["keptAt"].TimeOrNull,
            KeptRank = document["keptRank"].IntOrNull ?? 0,
            Archived = document["archived"].Flag,
            Media = new()
            {
                Type = string.Intern(document["type"].Text),
                Bytes = document["bytes"].Long,
                Sha256 = document["sha256"].Text,
                Width = document["width"].IntOrNull,
                Height = document["height"].IntOrNull,
                DurationMs = document["durationMs"].LongOrNull,
                FileName = document["fileName"].Text,
                ConvertedFrom = document["convertedFrom"].Text,
            },
            Compare = document["compare"].Document is { } compare ? ToCompare(compare) : null,
            Source = document["source"].Document is { } source ? ToSource(source) : null,
            Mentions = document["mentions"].Ints,
            CaptionMentions = document["captionMentions"].Ints,
            Answers = document["answers"].Text,
            Poll = document["poll"].Document is { } poll ? ToPoll(poll) : null,
            AsksHelp = document["asksHelp"].Flag,
            HelpResolvedAt = document["helpResolvedAt"].TimeOrNull,
            Broadcast = document["broadcast"].Document is { } broadcast
                ? new(string.Intern(broadcast["state"].Text), broadcast["delayMs"].Long)
                : null,
        };

    private static RowDocument ToDocument(StoredBroadcast broadcast) =>
        new() { ["state"] = broadcast.State, ["delayMs"] = broadcast.DelayMs };

    private static RowDocument ToDocument(StoryCompare compare) =>
        new()
        {
            ["changedShare"] = compare.ChangedShare,
            ["before"] = ToDocument(compare.Before),
            ["difference"] = ToDocument(compare.Difference),
        };

    private static StoryCompare ToCompare(RowDocument document) =>
        new()
        {
            ChangedShare = document["changedShare"].Double,
            Before = ToPicture(document["before"].Document!),
            Difference = ToPicture(document["difference"].Document!),
        };

    private static RowDocument ToDocument(StoryMedia picture) =>
        new()
        {
            ["type"] = picture.Type,
            ["bytes"] = picture.Bytes,
            ["sha256"] = picture.Sha256,
            ["width"] = picture.Width!.Value,
            ["height"] = picture.Height!.Value,
            ["fileName"] = picture.FileName,
            ["convertedFrom"] = picture.ConvertedFrom,
        };

    private static StoryMedia ToPicture(RowDocument document) =>
        new()
        {
            Type = string.Intern(document["type"].Text),
            Bytes = document["bytes"].Long,
            Sha256 = document["sha256"].Text,
            Width = document["width"].Int,
            Height = document["height"].Int,
            FileName = document["fileName"].Text,
            ConvertedFrom = document["convertedFrom"].Text,
        };

    private static RowDocument ToDocument(StorySource source) =>
        new()
        {
            ["repository"] = source.Repository,
            ["commit"] = source.Commit,
            ["ref"] = source.Ref,
            ["run"] = source.Run,
            ["runUrl"] = source.RunUrl,
            ["status"] = source.Status,
            ["exitCode"] = source.ExitCode,
            ["durationMs"] = source.DurationMs,
        };

    private static StorySource ToSource(RowDocument document) =>
        new()
        {
            Repository = document["repository"].Text,
            Commit = document["commit"].Text,
            Ref = document["ref"].Text,
            Run = document["run"].Text,
            RunUrl = document["runUrl"].Text,
            Status = document["status"].Text,
            ExitCode = document["exitCode"].IntOrNull,
            DurationMs = document["durationMs"].LongOrNull,
        };

    private static RowDocument ToDocument(StoredPoll poll) =>
        new()
        {
            ["question"] = poll.Question,
            ["options"] = poll.Options,
            ["closedAt"] = poll.ClosedAt,
        };

    private static StoredPoll ToPoll(RowDocument document) =>
        new(document["question"].Text, document["options"].Texts, document["closedAt"].TimeOrNull);
}

/// <summary>A live terminal.</summary>
/// <param name="State">One of the constants.</param>
/// <param name="DelayMs">How long its sender holds output back, in milliseconds.</param>
internal sealed record StoredBroadcast(string State, long DelayMs)
{
    public const string Running = "running",
        Ended = "ended",
        Broken = "broken";
}

/// <summary>A story's poll, without the votes.</summary>
internal sealed record StoredPoll(string Question, string[] Options, DateTimeOffset? ClosedAt = null);

/// <summary>The viewers of a story, in one document: 12 bytes per viewer, in the order of viewing.</summary>
/// <param name="Id">Id of the story.</param>
/// <param name="At">When each account, by number, first saw it.</param>
/// <param name="Private">Numbers of the accounts whose names the author does not learn.</param>
internal sealed record ViewRow(string Id, IReadOnlyList<KeyValuePair<int, DateTimeOffset>> At, IReadOnlyCollection<int> Private)
{
    public static readonly Collection<ViewRow> Collection = new("views", ToDocument, FromDocument);
    private const int EntryBytes = sizeof(int) + sizeof(long);

    private static RowDocument ToDocument(ViewRow row)
    {
        var packed = new byte[row.At.Count * EntryBytes];
        for (var i = 0; i < row.At.Count; i++)
        {
            BitConverter.TryWriteBytes(packed.AsSpan(i * EntryBytes), row.At[i].Key);
            BitConverter.TryWriteBytes(packed.AsSpan((i * EntryBytes) + sizeof(int)), row.At[i].Value.ToUnixTimeMilliseconds());
        }
        return new()
        {
            ["_id"] = row.Id,
            ["viewers"] = packed,
            ["private"] = row.Private.Count == 0 ? null : row.Private.ToArray(),
        };
    }

    private static ViewRow FromDocument(RowDocument document)
    {
        var packed = document["viewers"].Bytes;
        var at = new KeyValuePair<int, DateTimeOffset>[packed.Length / EntryBytes];
        for (var i = 0; i < at.Length; i++)
        {
            var entry = packed.AsSpan(i * EntryBytes, EntryBytes);
            at[i] = new(BitConverter.ToInt32(entry), DateTimeOffset.FromUnixTimeMilliseconds(BitConverter.ToInt64(entry[sizeof(int)..])));
        }
        return new(document["_id"].Text, at, document["private"].Ints);
    }
}

/// <summary>What remains of an ended story: enough to answer 410 to accounts that could see it, and to prove the deletion. It has no content.</summary>
internal sealed record TombstoneRow(string Id, int Author, int[]? Audience, string Sha256, string Reason, DateTimeOffset At)
{
    /// <summary>Hashes of the other files of a before/after story.</summary>
    public ReceiptParts? Parts { get; init; }

    /// <summary>When it left its author's archive after the expiry; null if it was in none.</summary>
    public DateTimeOffset? Released { get; init; }

    /// <summary>When its bytes had to go.</summary>
    public DateTimeOffset GoneAt => Released ?? At;

    public const string Expired = "expired",
        Deleted = "deleted";

    public static readonly Collection<TombstoneRow> Collection = new("tombstones", ToDocument, FromDocument);

    public StorySubject Subject => new(Id, Author, Audience);

    public bool IsVisibleTo(int account) => Author == account || Audience is null || Audience.Contains(account);

    /// <summary>Whether it contains the number of an account, including its author.</summary>
    public bool Names(int account) => Author == account || Audience?.Contains(account) == true;

    public TombstoneRow Without(int account) =>
        this with
        {
            Author = Author == account ? TeamAccount.NobodysNumber : Author,
            Audience = StoryRow.Without(Audience, account),
        };

    private static RowDocument ToDocument(TombstoneRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["author"] = row.Author,
            ["audience"] = row.Audience,
            ["sha256"] = row.Sha256,
            ["parts"] = row.Parts is { } parts ? new RowDocument { ["before"] = parts.Before, ["difference"] = parts.Difference } : null,
            ["reason"] = row.Reason,
            ["at"] = row.At,
            ["released"] = row.Released,
        };

    private static TombstoneRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["author"].Int,
            document["audience"].IntsOrNull,
            document["sha256"].Text,
            string.Intern(document["reason"].Text),
            document["at"].Time
        )
        {
            Parts = document["parts"].Document is { } parts
                ? new() { Before = parts["before"].Text, Difference = parts["difference"].Text }
                : null,
            Released = document["released"].TimeOrNull,
        };
}
