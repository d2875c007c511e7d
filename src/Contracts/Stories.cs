using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Kinds of stories: the values of <see cref="Story.Kind"/>. A newer server may have others.</summary>
public static class StoryKinds
{
    /// <summary>JPEG, PNG, GIF, WebP or AVIF.</summary>
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
    // Generated code sets a field that an older server omits to null, whatever the initial value.
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

    /// <summary>The slot it was posted into, or null.</summary>
    public string? Slot { get; init; }

    /// <summary>Id of the question that it answers, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answers { get; init; }

    /// <summary><c>team</c> or <c>selected</c>; for the author of a selected story, the names.</summary>
    public required Audience Audience { get; init; }

    /// <summary>Whether people can reply.</summary>
    public bool RepliesOn { get; init; }

    /// <summary>When the server stored it, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the author last changed it, or null.</summary>
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>When it expires; null while it is kept.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The highlight that keeps it, or null.</summary>
    public string? KeptIn { get; init; }

    /// <summary>The story's file.</summary>
    public required StoryMedia Media { get; init; }

    /// <summary>The pipeline it came from, or null.</summary>
    public StorySource? Source { get; init; }

    /// <summary>Whether the caller has seen it. The caller's own stories count as seen.</summary>
    public bool Viewed { get; init; }

    /// <summary>Whether the caller has muted it, through its author, a tag, or everything. A muted story never counts as unseen.</summary>
    public bool Muted { get; init; }

    /// <summary>Number of people who have seen it; null unless the caller is the author.</summary>
    public int? ViewCount { get; init; }

    /// <summary>How often each emoji was chosen.</summary>
    public IReadOnlyDictionary<string, int> Reactions
    {
        get;
        init => field = value ?? new Dictionary<string, int>();
    } = new Dictionary<string, int>();

    /// <summary>The caller's own reaction, or null.</summary>
    public string? MyReaction { get; init; }

    /// <summary>Number of replies.</summary>
    public int ReplyCount { get; init; }

    /// <summary>Number of acknowledgements.</summary>
    public int AckCount { get; init; }

    /// <summary>Whether the caller has acknowledged it.</summary>
    public bool Acked { get; init; }

    /// <summary>Its poll, or null.</summary>
    public StoryPoll? Poll { get; init; }

    /// <summary>Its help request, or null.</summary>
    public StoryHelp? Help { get; init; }

    /// <summary>True while the story is a live terminal whose command runs. Otherwise absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Live { get; init; }

    /// <summary>True for a recording of a live terminal that broke off, so that nobody knows how its command ended. Otherwise absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Broken { get; init; }

    /// <summary>The comparison of a before/after story, whose <see cref="Media"/> is the picture after; null for other stories.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoryCompare? Compare { get; init; }

    /// <summary>File of one of the <see cref="StoryParts"/>; null when the story has no such part. The part <c>after</c> of every story is its <see cref="Media"/>.</summary>
    public StoryMedia? FindPart(string part) =>
        part switch
        {
            StoryParts.After => Media,
            StoryParts.Before => Compare?.Before,
            StoryParts.Difference => Compare?.Difference,
            _ => null,
        };
}

/// <summary>The file of a story.</summary>
public sealed record StoryMedia
{
    /// <summary>Media type, detected from the bytes.</summary>
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

    /// <summary>Last segment of the file name it was posted with, or null.</summary>
    public string? FileName { get; init; }

    /// <summary>Media type that was posted, when the server converted the file: <c>image/heic</c>. Otherwise absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ConvertedFrom { get; init; }
}

/// <summary>A poll: a question with two to four options.</summary>
public sealed record StoryPoll
{
    /// <summary>At most <see cref="Limits.PollQuestionCharacters"/> characters.</summary>
    public required string Question { get; init; }

    /// <summary>The options, in the author's order.</summary>
    public required PollOption[] Options { get; init; }

    /// <summary>Index of the option that the caller chose, from 0, or null.</summary>
    public int? MyVote { get; init; }

    /// <summary>When the author closed it, or null.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}

/// <summary>One option of a poll.</summary>
public sealed record PollOption
{
    /// <summary>At most <see cref="Limits.PollOptionCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>Number of votes for it.</summary>
    public required int Votes { get; init; }
}

/// <summary>A help request.</summary>
public sealed record StoryHelp
{
    /// <summary>Whether the author has marked it as resolved.</summary>
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

/// <summary>A text card to post, the JSON body of <c>POST /v1/stories</c>. The fields of the query and the form have the same meaning.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record NewStory
{
    /// <summary>Text of the card, at most <see cref="Limits.TextBytes"/> bytes of UTF-8. Allowed in JSON and forms, not in a query.</summary>
    public string? Text { get; init; }

    /// <summary>At most <see cref="Limits.CaptionCharacters"/> characters.</summary>
    public string? Caption { get; init; }

    /// <summary>Lifetime such as <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c> or <c>PT6H</c> (default: 24 hours).</summary>
    public string? Ttl { get; init; }

    /// <summary>Slot to post into, <c>[a-z0-9._/-]{1,64}</c>. The story replaces the author's previous one in that slot.</summary>
    public string? Slot { get; init; }

    /// <summary>At most <see cref="Limits.Tags"/> of <c>[a-z0-9-]{1,32}</c>.</summary>
    public string[]? Tags { get; init; }

    /// <summary><c>team</c>, or handles.</summary>
    public string[]? Audience { get; init; }

    /// <summary>File name. The server keeps its last segment.</summary>
    public string? FileName { get; init; }

    /// <summary>At most <see cref="Limits.Links"/> http(s) addresses.</summary>
    public string[]? Links { get; init; }

    /// <summary>Whether people can reply (default: true).</summary>
    public bool? RepliesOn { get; init; }

    /// <summary>The pipeline it comes from.</summary>
    public StorySource? Source { get; init; }

    // Later fields are omitted when null: otherwise a repeated request from before an update would not match its idempotency key.
    /// <summary>A poll for its viewers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NewPoll? Poll { get; init; }

    /// <summary>Handles of people to mention, at most <see cref="Limits.Mentions"/> including each <c>@handle</c> in caption and text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Mentions { get; init; }

    /// <summary>Id of the open question that it answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answers { get; init; }

    /// <summary><c>help</c> for a help request, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Asks { get; init; }

    /// <summary>Whether it compares two pictures. Only in a form with the files <c>before</c> and <c>after</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Compare { get; init; }

    /// <summary>Whether a video keeps its subtitles (default: false, because drones write positions there). Ignored for other files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? KeepSubtitles { get; init; }

    /// <summary>The only value of <see cref="Asks"/>.</summary>
    public const string Help = "help";
}

/// <summary>A poll of a new story: <c>poll.question</c> and <c>poll.option</c> in the query and the form.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewPoll
{
    /// <summary>At most <see cref="Limits.PollQuestionCharacters"/> characters.</summary>
    public string? Question { get; init; }

    /// <summary>2 to <see cref="Limits.PollOptions"/> different options, each at most <see cref="Limits.PollOptionCharacters"/> characters.</summary>
    public string[]? Options { get; init; }
}

/// <summary>Changes to one of the caller's stories, the JSON body of <c>PATCH /v1/stories/{id}</c>. Null leaves a field as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StoryEdit
{
    /// <summary>At most <see cref="Limits.CaptionCharacters"/> characters. The empty text removes the caption.</summary>
    public string? Caption { get; init; }

    /// <summary>Lifetime from now, such as <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c> or <c>PT6H</c>.</summary>
    public string? Ttl { get; init; }

    /// <summary>Handles of people who can already see the story. An audience can only become narrower.</summary>
    public string[]? Audience { get; init; }

    /// <summary>At most <see cref="Limits.Tags"/> of <c>[a-z0-9-]{1,32}</c>, which replace the present tags.</summary>
    public string[]? Tags { get; init; }

    /// <summary>Whether people can reply.</summary>
    public bool? RepliesOn { get; init; }
}

/// <summary>One entry of the tray: the stories of an author, or of one of the author's slots.</summary>
public sealed record TrayItem
{
    /// <summary>Author of the stories.</summary>
    public required Person Author { get; init; }

    /// <summary>The slot; null for the author's stories without one.</summary>
    public string? Slot { get; init; }

    /// <summary>Source status of the newest story that is not muted: <c>passed</c>, <c>failed</c> or null.</summary>
    public string? Status { get; init; }

    /// <summary>Number of active stories.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them the caller has neither seen nor muted.</summary>
    public required int Unseen { get; init; }

    /// <summary>When the newest story was posted.</summary>
    public required DateTimeOffset LatestAt { get; init; }

    /// <summary>When the first of them expires; null when none does.</summary>
    public DateTimeOffset? FirstExpiryAt { get; init; }

    /// <summary>Id of the oldest unseen story, or null.</summary>
    public string? FirstUnseenId { get; init; }

    /// <summary>Number of open help requests, without muted stories unless all are muted.</summary>
    public int OpenHelp { get; init; }

    /// <summary>Number of resolved help requests, counted in the same way.</summary>
    public int ResolvedHelp { get; init; }

    /// <summary>True while one of the stories is a live terminal whose command runs, without muted ones unless all are muted. Otherwise absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Live { get; init; }

    /// <summary>Whether the caller has muted all of the stories, through their author, their tags, or everything.</summary>
    public bool Muted { get; init; }
}

/// <summary>A person who has seen a story.</summary>
public sealed record Viewer
{
    /// <summary>The person.</summary>
    public required Person Person { get; init; }

    /// <summary>When they first saw it.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Who has seen a story. Only its author gets this list.</summary>
public sealed record ViewerPage
{
    /// <summary>In the order in which they first saw it.</summary>
    public required Viewer[] Items { get; init; }

    /// <summary>Cursor of the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Number of viewers who look privately. They are counted, not named.</summary>
    public int PrivateCount { get; init; }
}

/// <summary>One page of a list.</summary>
/// <typeparam name="T">Type of the items.</typeparam>
public sealed record Page<T>
{
    /// <summary>At most <see cref="Limits.PageMaximum"/> items.</summary>
    public required T[] Items { get; init; }

    /// <summary>Opaque cursor of the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>Options of a signed link.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewLink
{
    /// <summary>Lifetime such as <c>5m</c>, at most an hour and never beyond the story's (default: 5 minutes).</summary>
    public string? Ttl { get; init; }

    /// <summary>For a before/after story, one of <see cref="StoryParts"/> (default: <c>after</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Part { get; init; }
}

/// <summary>A signed address of a story's file, for a player.</summary>
public sealed record MediaLink
{
    /// <summary>Absolute http(s) address that needs no token.</summary>
    public required string Url { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Proof that the server has erased a story's bytes from its disk.</summary>
public sealed record Receipt
{
    /// <summary>The story's id.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the served bytes, 64 hexadecimal digits in lower case. For a before/after story, of the picture after.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 of the other two pictures of a before/after story, erased with the first. Absent for other stories.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReceiptParts? Parts { get; init; }

    /// <summary><c>expired</c> or <c>deleted</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>When the bytes had to go: at the story's end, or when it left its author's archive.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>true</c> if the server keeps media in a bucket that may hold old versions of deleted files, so that the bytes may still be there. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? VersionsKept { get; init; }

    /// <summary><c>true</c> if the server keeps rows in PostgreSQL, which may still hold the story's texts in its files, log and backups. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? RowsKept { get; init; }
}

/// <summary>What the server still says of a story that is gone.</summary>
public sealed record RemovedStory
{
    /// <summary>The story's id.</summary>
    public required string Id { get; init; }
}
