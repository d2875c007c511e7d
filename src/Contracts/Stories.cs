using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>What a story shows: the values of <see cref="Story.Kind"/>. A newer server may have others.</summary>
public static class StoryKinds
{
    /// <summary>JPEG, PNG, GIF or WebP.</summary>
    public const string Image = "image";

    /// <summary>MP4, MOV or WebM.</summary>
    public const string Video = "video";

    /// <summary>MP3, Ogg, WAV or M4A.</summary>
    public const string Audio = "audio";

    /// <summary>A text card.</summary>
    public const string Text = "text";

    /// <summary>A terminal recording, asciicast v2 or v3.</summary>
    public const string Recording = "recording";
}

/// <summary>A story, as the caller may see it.</summary>
public sealed record Story
{
    /// <summary>ULID in lower case, 26 characters, in the order of posting.</summary>
    public required string Id { get; init; }

    /// <summary>Who posted it.</summary>
    public required Person Author { get; init; }

    /// <summary>One of <see cref="StoryKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>At most <see cref="Limits.CaptionCharacters"/> characters; null when there is none.</summary>
    public string? Caption { get; init; }

    /// <summary>The first <see cref="Limits.TextPreviewCharacters"/> characters of a text card, else null. May hold SGR colour sequences.</summary>
    public string? Text { get; init; }

    /// <summary>At most <see cref="Limits.Tags"/> of <c>[a-z0-9-]{1,32}</c>.</summary>
    // What an older server leaves out comes from generated code as null, past the initial value.
    public string[] Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>At most <see cref="Limits.Links"/> http(s) addresses.</summary>
    public string[] Links
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Handles of the people it mentions, at most <see cref="Limits.Mentions"/>.</summary>
    public string[] Mentions
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The author's slot it was posted into, or null.</summary>
    public string? Slot { get; init; }

    /// <summary>Id of the question that it answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answers { get; init; }

    /// <summary><c>team</c> or <c>selected</c>; for the author of a selected one the names themselves.</summary>
    public required Audience Audience { get; init; }

    /// <summary>Whether it takes replies.</summary>
    public bool RepliesOn { get; init; }

    /// <summary>When it was acknowledged, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the author last changed it, or null.</summary>
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>The instant from which it is gone; null when it is kept.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The highlight that keeps it, or null.</summary>
    public string? KeptIn { get; init; }

    /// <summary>The file behind it.</summary>
    public required StoryMedia Media { get; init; }

    /// <summary>The pipeline it came from, or null.</summary>
    public StorySource? Source { get; init; }

    /// <summary>Whether the caller has seen it; one's own stories count as seen.</summary>
    public bool Viewed { get; init; }

    /// <summary>Whether the caller has muted it, by its author, one of its tags, or with everything: it never counts as unseen.</summary>
    public bool Muted { get; init; }

    /// <summary>How many have seen it; for the author alone, else null.</summary>
    public int? ViewCount { get; init; }

    /// <summary>How often each emoji was chosen.</summary>
    public IReadOnlyDictionary<string, int> Reactions
    {
        get;
        init => field = value ?? new Dictionary<string, int>();
    } = new Dictionary<string, int>();

    /// <summary>The caller's own reaction, or null.</summary>
    public string? MyReaction { get; init; }

    /// <summary>Replies in its thread.</summary>
    public int ReplyCount { get; init; }

    /// <summary>Acknowledgements.</summary>
    public int AckCount { get; init; }

    /// <summary>Whether the caller has acknowledged it.</summary>
    public bool Acked { get; init; }

    /// <summary>What it asks its viewers, or null.</summary>
    public StoryPoll? Poll { get; init; }

    /// <summary>Its call for help, or null.</summary>
    public StoryHelp? Help { get; init; }

    /// <summary>What it compares: there for a before/after story alone, whose <see cref="Media"/> are the picture after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoryCompare? Compare { get; init; }

    /// <summary>The file of one of its <see cref="StoryParts"/>; null when it has no such part. Every story has the part <c>after</c>: its <see cref="Media"/>.</summary>
    public StoryMedia? FindPart(string part) =>
        part switch
        {
            StoryParts.After => Media,
            StoryParts.Before => Compare?.Before,
            StoryParts.Difference => Compare?.Difference,
            _ => null,
        };
}

/// <summary>The file behind a story.</summary>
public sealed record StoryMedia
{
    /// <summary>Media type, read from the bytes.</summary>
    public required string Type { get; init; }

    /// <summary>Size in bytes, as served.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the bytes served, 64 hexadecimal digits in lower case.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Width in pixels when shown upright (columns for a recording); null when there is none.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels when shown upright (rows for a recording); null when there is none.</summary>
    public int? Height { get; init; }

    /// <summary>Duration in milliseconds, read from the container; null when unknown.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Last segment of the name it was posted with, or null.</summary>
    public string? FileName { get; init; }

    /// <summary>Media type it was posted as, where the server made another of it: <c>image/heic</c>. Not there otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ConvertedFrom { get; init; }
}

/// <summary>A question with two to four answers to choose from.</summary>
public sealed record StoryPoll
{
    /// <summary>At most <see cref="Limits.PollQuestionCharacters"/> characters.</summary>
    public required string Question { get; init; }

    /// <summary>What one may choose, in the author's order.</summary>
    public required PollOption[] Options { get; init; }

    /// <summary>The caller's choice, counted from 0, or null.</summary>
    public int? MyVote { get; init; }

    /// <summary>When the author closed it, or null.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}

/// <summary>One answer of a poll.</summary>
public sealed record PollOption
{
    /// <summary>At most <see cref="Limits.PollOptionCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>How many chose it.</summary>
    public required int Votes { get; init; }
}

/// <summary>A call for help.</summary>
public sealed record StoryHelp
{
    /// <summary>Whether the author has been helped.</summary>
    public required bool Resolved { get; init; }
}

/// <summary>The pipeline a story came from. Every field may be null.</summary>
public sealed record StorySource
{
    /// <summary>Repository, such as <c>team/parser</c>.</summary>
    public string? Repository { get; init; }

    /// <summary>Commit hash.</summary>
    public string? Commit { get; init; }

    /// <summary>Branch or tag.</summary>
    public string? Ref { get; init; }

    /// <summary>Name or number of the run.</summary>
    public string? Run { get; init; }

    /// <summary>http(s) address of the run.</summary>
    public string? RunUrl { get; init; }

    /// <summary><c>passed</c> or <c>failed</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Exit code of the command, 0–255.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Duration of the run in milliseconds, 0 or more.</summary>
    public long? DurationMs { get; init; }
}

/// <summary>A text card to post, the JSON body of <c>POST /v1/stories</c>; the query's and the form's fields have the same meaning.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewStory
{
    /// <summary>The card, at most <see cref="Limits.TextBytes"/> bytes of UTF-8; in JSON and in forms, never in a query.</summary>
    public string? Text { get; init; }

    /// <summary>At most <see cref="Limits.CaptionCharacters"/> characters.</summary>
    public string? Caption { get; init; }

    /// <summary>Lifetime such as <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c> or <c>PT6H</c>; 24 hours unless told.</summary>
    public string? Ttl { get; init; }

    /// <summary>The place of this author's that it takes over, <c>[a-z0-9._/-]{1,64}</c>.</summary>
    public string? Slot { get; init; }

    /// <summary>At most <see cref="Limits.Tags"/> of <c>[a-z0-9-]{1,32}</c>.</summary>
    public string[]? Tags { get; init; }

    /// <summary><c>team</c>, or handles.</summary>
    public string[]? Audience { get; init; }

    /// <summary>File name; its last segment is kept.</summary>
    public string? FileName { get; init; }

    /// <summary>At most <see cref="Limits.Links"/> http(s) addresses.</summary>
    public string[]? Links { get; init; }

    /// <summary>Whether it takes replies; true unless told.</summary>
    public bool? RepliesOn { get; init; }

    /// <summary>The pipeline it comes from.</summary>
    public StorySource? Source { get; init; }

    // What came later is left out when it is not there: else an idempotency key of before an update would be compared with another text.
    /// <summary>What it asks its viewers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NewPoll? Poll { get; init; }

    /// <summary>Handles of people whom it mentions, at most <see cref="Limits.Mentions"/> with those whom <c>@handle</c> in caption and text names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Mentions { get; init; }

    /// <summary>Id of the question that it answers, which is asked now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answers { get; init; }

    /// <summary><c>help</c> for a call for help, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Asks { get; init; }

    /// <summary>Whether it compares two pictures: only in a form, whose files are <c>before</c> and <c>after</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Compare { get; init; }

    /// <summary>Whether a video keeps its subtitles (default: false, because drones write positions there). Ignored for other files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? KeepSubtitles { get; init; }

    /// <summary>The one thing that <see cref="Asks"/> may say.</summary>
    public const string Help = "help";
}

/// <summary>A question that a new story asks, with its answers to choose from; <c>poll.question</c> and <c>poll.option</c> of the query and the form.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewPoll
{
    /// <summary>At most <see cref="Limits.PollQuestionCharacters"/> characters.</summary>
    public string? Question { get; init; }

    /// <summary>2 to <see cref="Limits.PollOptions"/> different ones, each at most <see cref="Limits.PollOptionCharacters"/> characters.</summary>
    public string[]? Options { get; init; }
}

/// <summary>Changes to a story of the caller's own, the JSON body of <c>PATCH /v1/stories/{id}</c>; a null changes nothing.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StoryEdit
{
    /// <summary>At most <see cref="Limits.CaptionCharacters"/> characters; the empty text takes the caption away.</summary>
    public string? Caption { get; init; }

    /// <summary>Lifetime from now, such as <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c> or <c>PT6H</c>.</summary>
    public string? Ttl { get; init; }

    /// <summary>Handles, of people who can see it already: an audience only becomes narrower.</summary>
    public string[]? Audience { get; init; }

    /// <summary>At most <see cref="Limits.Tags"/> of <c>[a-z0-9-]{1,32}</c>, in place of those it has.</summary>
    public string[]? Tags { get; init; }

    /// <summary>Whether it takes replies.</summary>
    public bool? RepliesOn { get; init; }
}

/// <summary>One place of the tray: an author's stories, or those of one of the author's slots.</summary>
public sealed record TrayItem
{
    /// <summary>Whose place it is.</summary>
    public required Person Author { get; init; }

    /// <summary>The slot, or null for the author's other stories.</summary>
    public string? Slot { get; init; }

    /// <summary>Status of the source of the newest story that is not muted: <c>passed</c>, <c>failed</c> or null.</summary>
    public string? Status { get; init; }

    /// <summary>Active stories.</summary>
    public required int Total { get; init; }

    /// <summary>Of them, those that the caller has neither seen nor muted.</summary>
    public required int Unseen { get; init; }

    /// <summary>When the newest was posted.</summary>
    public required DateTimeOffset LatestAt { get; init; }

    /// <summary>When the first of them expires; null when none does.</summary>
    public DateTimeOffset? FirstExpiryAt { get; init; }

    /// <summary>Oldest of the unseen ones, or null.</summary>
    public string? FirstUnseenId { get; init; }

    /// <summary>Calls for help that are not resolved, without what is muted unless all is.</summary>
    public int OpenHelp { get; init; }

    /// <summary>Calls for help that are resolved, counted alike.</summary>
    public int ResolvedHelp { get; init; }

    /// <summary>Whether the caller has muted all of them, by their author, their tags, or with everything.</summary>
    public bool Muted { get; init; }
}

/// <summary>Someone who has seen a story.</summary>
public sealed record Viewer
{
    /// <summary>Who.</summary>
    public required Person Person { get; init; }

    /// <summary>When they first saw it.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Who has seen a story, for its author.</summary>
public sealed record ViewerPage
{
    /// <summary>In the order of seeing.</summary>
    public required Viewer[] Items { get; init; }

    /// <summary>Continues the list, or null at its end.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Viewers who look privately: counted, not named.</summary>
    public int PrivateCount { get; init; }
}

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What it lists.</typeparam>
public sealed record Page<T>
{
    /// <summary>At most <see cref="Limits.PageMaximum"/> items.</summary>
    public required T[] Items { get; init; }

    /// <summary>Continues the list, opaque; null at its end.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>How long a signed link shall hold.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewLink
{
    /// <summary>Such as <c>5m</c>; at most an hour, and never past the story.</summary>
    public string? Ttl { get; init; }

    /// <summary>One of <see cref="StoryParts"/> of a before/after story; what it shows after unless told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Part { get; init; }
}

/// <summary>A signed address of one story's media, for a player.</summary>
public sealed record MediaLink
{
    /// <summary>Absolute http(s) address that needs no token.</summary>
    public required string Url { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Proves that a story's bytes are gone from the server's disk.</summary>
public sealed record Receipt
{
    /// <summary>The story's id.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the bytes that were served, 64 hexadecimal digits in lower case; of a before/after story those of the picture after.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of a before/after story the SHA-256 of its other two pictures, which are gone with the first; otherwise left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReceiptParts? Parts { get; init; }

    /// <summary><c>expired</c> or <c>deleted</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>From when on its bytes had to go: when the story ended, or when its author's archive let go of it.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What is left of a story that is gone.</summary>
public sealed record RemovedStory
{
    /// <summary>The story's id.</summary>
    public required string Id { get; init; }
}
