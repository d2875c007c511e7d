namespace StoriesCli.Contracts;

/// <summary>The limits of the API, version 1: fixed ones, and the defaults of those that an option changes.</summary>
public static class Limits
{
    private const long MiB = 1024 * 1024;

    /// <summary>Bytes of a JPEG, PNG, GIF, WebP or AVIF picture.</summary>
    public const long ImageBytes = 10 * MiB;

    /// <summary>Pixels of one frame, read from the header before decoding.</summary>
    public const long ImagePixels = 50_000_000;

    /// <summary>Pixels of all frames of an animation together.</summary>
    public const long ImagePixelsAllFrames = 200_000_000;

    /// <summary>Largest difference of a colour channel, of 255, that counts as unchanged in a before/after story.</summary>
    public const int CompareTolerance = 8;

    /// <summary>Lengths of a poster's longer side, in pixels, beside the picture's own size. They are few, so that not every requested size becomes a file.</summary>
    public static readonly IReadOnlyList<int> PosterSides = [1, 8, 20, 40, 80, 160, 320, 640, 960, 1280, 1600, 1920];

    /// <summary>The smallest of <see cref="PosterSides"/> with at least this many pixels, or the largest. Scaling that poster down loses no detail.</summary>
    /// <param name="pixels">At least 1.</param>
    public static int PosterSideFor(int pixels) => PosterSides.FirstOrDefault(side => side >= pixels, PosterSides[^1]);

    /// <summary>Bytes of an MP4, MOV or WebM video.</summary>
    public const long VideoBytes = 100 * MiB;

    /// <summary>Longest duration of a video.</summary>
    public static readonly TimeSpan VideoDuration = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of an MP3, Ogg, WAV or M4A file.</summary>
    public const long AudioBytes = 20 * MiB;

    /// <summary>Longest duration of audio.</summary>
    public static readonly TimeSpan AudioDuration = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of a terminal recording.</summary>
    public const long RecordingBytes = 8 * MiB;

    /// <summary>Live terminals of one account at a time.</summary>
    public const int LiveTerminals = 3;

    /// <summary>Live terminals of one server at a time.</summary>
    public const int LiveTerminalsOfAll = 50;

    /// <summary>Viewers of one live terminal at a time.</summary>
    public const int LiveViewers = 200;

    /// <summary>Bytes of one request with output of a live terminal.</summary>
    public const int LiveOutputBytes = 256 * 1024;

    /// <summary>Columns of a live terminal.</summary>
    public const int LiveColumns = 500;

    /// <summary>Rows of a live terminal.</summary>
    public const int LiveRows = 200;

    /// <summary>Longest duration of a live terminal. Then it ends as broken.</summary>
    public static readonly TimeSpan LiveDuration = TimeSpan.FromHours(2);

    /// <summary>Silence after which a live terminal ends as broken.</summary>
    public static readonly TimeSpan LiveSilence = TimeSpan.FromSeconds(30);

    /// <summary>Longest time that output of a live terminal is held back.</summary>
    public static readonly TimeSpan LiveDelayMaximum = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of a text card, in UTF-8.</summary>
    public const int TextBytes = 64 * 1024;

    /// <summary>Characters of a text card that the story itself carries; the rest is in its media.</summary>
    public const int TextPreviewCharacters = 4096;

    /// <summary>Characters (Unicode scalars) of a caption.</summary>
    public const int CaptionCharacters = 2048;

    /// <summary>Characters of a reply.</summary>
    public const int ReplyCharacters = 2048;

    /// <summary>Bytes of a file name in UTF-8.</summary>
    public const int FileNameBytes = 255;

    /// <summary>Characters of a display name.</summary>
    public const int DisplayNameCharacters = 64;

    /// <summary>Consecutive combining marks in a display name. No script needs more, and more would paint over other lines.</summary>
    public const int MarksInARow = 4;

    /// <summary>Characters of a token's name.</summary>
    public const int TokenNameCharacters = 64;

    /// <summary>Tags of one story.</summary>
    public const int Tags = 10;

    /// <summary>Links of one story.</summary>
    public const int Links = 3;

    /// <summary>People that one story mentions.</summary>
    public const int Mentions = 20;

    /// <summary>Characters of one link.</summary>
    public const int LinkCharacters = 2048;

    /// <summary>Names in one audience.</summary>
    public const int AudienceNames = 200;

    /// <summary>Stories of one highlight.</summary>
    public const int HighlightStories = 100;

    /// <summary>Circles of one account.</summary>
    public const int Circles = 100;

    /// <summary>Characters of a poll's question.</summary>
    public const int PollQuestionCharacters = 140;

    /// <summary>Characters of one option of a poll.</summary>
    public const int PollOptionCharacters = 80;

    /// <summary>Fewest options of a poll.</summary>
    public const int PollOptionsMinimum = 2;

    /// <summary>Most options of a poll.</summary>
    public const int PollOptions = 4;

    /// <summary>Tags that one account can mute.</summary>
    public const int MutedTags = 200;

    /// <summary>Tokens of one account at a time.</summary>
    public const int Tokens = 100;

    /// <summary>Open invites of one account at a time.</summary>
    public const int Invites = 100;

    /// <summary>Shares of one account at a time.</summary>
    public const int Shares = 200;

    /// <summary>Feed keys of one account.</summary>
    public const int Feeds = 20;

    /// <summary>Characters of a feed key's name.</summary>
    public const int FeedNameCharacters = 64;

    /// <summary>Entries of a feed.</summary>
    public const int FeedEntries = 100;

    /// <summary>Items of each part of a digest.</summary>
    public const int DigestItems = 100;

    /// <summary>Characters of a text in a digest.</summary>
    public const int DigestCharacters = 200;

    /// <summary>Default period of a digest.</summary>
    public static readonly TimeSpan DigestSpan = TimeSpan.FromHours(24);

    /// <summary>Longest period of a digest.</summary>
    public static readonly TimeSpan DigestSpanMaximum = TimeSpan.FromDays(30);

    /// <summary>Characters of a report's reason.</summary>
    public const int ReasonCharacters = 1024;

    /// <summary>Characters of a question of the day.</summary>
    public const int QuestionCharacters = 140;

    /// <summary>Webhooks of one server.</summary>
    public const int Webhooks = 50;

    /// <summary>Events that wait for one webhook. Beyond it the server drops the oldest.</summary>
    public const int WebhookQueue = 1000;

    /// <summary>Delivery attempts that the server remembers for one webhook.</summary>
    public const int WebhookDeliveries = 50;

    /// <summary>Characters of each of the <c>source</c> fields.</summary>
    public const int SourceCharacters = 512;

    /// <summary>Characters of an <c>Idempotency-Key</c>.</summary>
    public const int IdempotencyKeyCharacters = 128;

    /// <summary>Idempotency keys that the server remembers for one account at a time.</summary>
    public const int IdempotencyKeys = 100_000;

    /// <summary>Fields of one form, query or JSON object. Names of an audience are counted separately.</summary>
    public const int Fields = 64;

    /// <summary>Bytes of one field of a form.</summary>
    public const int FieldBytes = 64 * 1024;

    /// <summary>Bytes of all fields of a form together, including their names.</summary>
    public const int FieldBytesTogether = 256 * 1024;

    /// <summary>Items of a JSON list.</summary>
    public const int ListItems = 1000;

    /// <summary>Faults of one request that an error describes. For the others it gives only the number.</summary>
    public const int FaultsTold = 20;

    /// <summary>Characters of the search words <c>q</c>.</summary>
    public const int SearchCharacters = 200;

    /// <summary>Search words in <c>q</c>.</summary>
    public const int SearchWords = 10;

    /// <summary>Default number of items on a page.</summary>
    public const int PageDefault = 50;

    /// <summary>Largest number of items on a page.</summary>
    public const int PageMaximum = 200;

    /// <summary>Shortest lifetime of a story.</summary>
    public static readonly TimeSpan MinTtl = TimeSpan.FromMinutes(5);

    /// <summary>Longest lifetime of a story.</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(30);

    /// <summary>Default lifetime of a story.</summary>
    public static readonly TimeSpan DefaultTtl = TimeSpan.FromHours(24);

    /// <summary>Longest lifetime of a token. A token that renews expires this long after its last use.</summary>
    public static readonly TimeSpan TokenTtl = TimeSpan.FromDays(365);

    /// <summary>How long before its expiry doctor, whoami and the terminal UI warn about a token.</summary>
    public static readonly TimeSpan TokenNotice = TimeSpan.FromDays(30);

    /// <summary>Lifetime of an access link.</summary>
    public static readonly TimeSpan AccessTtl = TimeSpan.FromHours(1);

    /// <summary>How long an account shows that somebody made an access link for it.</summary>
    public static readonly TimeSpan AccessShown = TimeSpan.FromDays(30);

    /// <summary>Default lifetime of an invite.</summary>
    public static readonly TimeSpan InviteTtl = TimeSpan.FromHours(24);

    /// <summary>Default lifetime of a signed link.</summary>
    public static readonly TimeSpan LinkTtl = TimeSpan.FromMinutes(5);

    /// <summary>Longest lifetime of a signed link.</summary>
    public static readonly TimeSpan LinkTtlMaximum = TimeSpan.FromHours(1);

    /// <summary>Default lifetime of a share.</summary>
    public static readonly TimeSpan ShareTtl = TimeSpan.FromHours(24);

    /// <summary>Longest lifetime of a share.</summary>
    public static readonly TimeSpan ShareTtlMaximum = TimeSpan.FromDays(7);

    /// <summary>How long a question is open.</summary>
    public static readonly TimeSpan QuestionLife = TimeSpan.FromHours(24);

    /// <summary>How long requests for an ended story get 410.</summary>
    public static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(90);

    /// <summary>How long after its expiry a story stays in its author's archive.</summary>
    public static readonly TimeSpan ArchiveLife = TimeSpan.FromDays(90);

    /// <summary>How long a receipt is readable. Counted from when the bytes had to go: the story's end, or its removal from the archive.</summary>
    public static readonly TimeSpan ReceiptLife = TimeSpan.FromDays(30);

    /// <summary>How long the server remembers an idempotency key.</summary>
    public static readonly TimeSpan IdempotencyLife = TimeSpan.FromHours(24);

    /// <summary>How long the server keeps the audit trail.</summary>
    public static readonly TimeSpan AuditLife = TimeSpan.FromDays(365);
}

/// <summary>The limits that this server runs with, the answer of <c>GET /v1/limits</c>. Sizes in bytes, times in milliseconds.</summary>
public sealed record ServerLimits
{
    /// <summary>Version of the server, <c>major.minor.patch</c>.</summary>
    public required string Version { get; init; }

    /// <inheritdoc cref="Limits.ImageBytes"/>
    public required long ImageBytes { get; init; }

    /// <inheritdoc cref="Limits.ImagePixels"/>
    public required long ImagePixels { get; init; }

    /// <inheritdoc cref="Limits.ImagePixelsAllFrames"/>
    public required long ImagePixelsAllFrames { get; init; }

    /// <inheritdoc cref="Limits.VideoBytes"/>
    public required long VideoBytes { get; init; }

    /// <inheritdoc cref="Limits.VideoDuration"/>
    public required long VideoDurationMs { get; init; }

    /// <inheritdoc cref="Limits.AudioBytes"/>
    public required long AudioBytes { get; init; }

    /// <inheritdoc cref="Limits.AudioDuration"/>
    public required long AudioDurationMs { get; init; }

    /// <inheritdoc cref="Limits.RecordingBytes"/>
    public required long RecordingBytes { get; init; }

    /// <summary>Media types of pictures that the server accepts. It turns <c>image/heic</c> into a JPEG. Empty from an older server.</summary>
    public string[] ImageTypes { get; init; } = [];

    /// <summary>Whether the server makes posters of videos. Its host decides this.</summary>
    public bool VideoPosters { get; init; }

    /// <inheritdoc cref="Limits.TextBytes"/>
    public required long TextBytes { get; init; }

    /// <inheritdoc cref="Limits.CaptionCharacters"/>
    public required int CaptionCharacters { get; init; }

    /// <inheritdoc cref="Limits.Tags"/>
    public required int Tags { get; init; }

    /// <inheritdoc cref="Limits.Links"/>
    public required int Links { get; init; }

    /// <inheritdoc cref="Limits.SearchCharacters"/>
    public int SearchCharacters { get; init; }

    /// <inheritdoc cref="Limits.SearchWords"/>
    public int SearchWords { get; init; }

    /// <inheritdoc cref="Limits.MinTtl"/>
    public required long MinTtlMs { get; init; }

    /// <inheritdoc cref="Limits.MaxTtl"/>
    public required long MaxTtlMs { get; init; }

    /// <inheritdoc cref="Limits.DefaultTtl"/>
    public required long DefaultTtlMs { get; init; }
}
