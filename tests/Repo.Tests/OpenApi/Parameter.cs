using System.Text.Json.Nodes;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>What a parameter means: of a path, of a query (and of the form that has the same fields), or of a header.</summary>
/// <param name="Meaning">With its range and what holds unless told.</param>
/// <param name="Example">As it is written.</param>
/// <param name="Schema">JSON Schema; a text unless told.</param>
internal sealed record Parameter(string Meaning, JsonNode Example, string Schema = """{ "type": "string" }""")
{
    private const string Text = """{ "type": "string" }""",
        Texts = """{ "type": "array", "items": { "type": "string" } }""",
        Flag = """{ "type": "boolean" }""",
        Whole = """{ "type": "integer" }""";

    /// <summary>By name; one that means something else to one operation stands there as <c>operation.name</c>.</summary>
    private static readonly Dictionary<string, Parameter> All = new()
    {
        // Of paths.
        ["id"] = new(
            "The story's id.",
            "01k9zj4v8h3q5n7r2t6w8y0abc",
            """{ "type": "string", "pattern": "^[0-7][0-9a-hjkmnp-tv-z]{25}$" }"""
        ),
        ["revokeInvite.id"] = new("The invite's id.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["revokeToken.id"] = new("The token's id.", "01k9zj4v8h3q5n7r2t6w8y0abe"),
        ["listAnswers.id"] = new("The question's id.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["deleteWebhook.id"] = new("The webhook's id.", "01k9zj4v8h3q5n7r2t6w8y0abf"),
        ["listDeliveries.id"] = new("The webhook's id.", "01k9zj4v8h3q5n7r2t6w8y0abf"),
        ["revokeShare.id"] = new("The share's id.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["revokeFeed.id"] = new("The feed key's id.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["secret"] = new("What `POST /v1/stories/{id}/share` put into the address.", "sts_EXAMPLE"),
        ["replyId"] = new("The reply's id.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["handle"] = new("Whose: `[a-z0-9_-]{2,32}`.", "ana"),
        ["name"] = new("The highlight's name, `[a-z0-9._-]{1,64}`.", "kept"),
        ["muteTag.tag"] = new("The tag, `[a-z0-9-]{1,32}`.", "perf"),
        ["unmuteTag.tag"] = new("The tag.", "perf"),
        ["putCircle.name"] = new("The circle's name, `[a-z0-9_-]{1,32}`.", "design"),
        ["deleteCircle.name"] = new("The circle's name.", "design"),

        // Of lists.
        ["limit"] = new("Items of the page.", 50, """{ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 }"""),
        ["cursor"] = new("The `nextCursor` of the page before.", "50"),
        ["listStories.cursor"] = new("The `nextCursor` of the page before.", "01k9zj4v8h3q5n7r2t6w8y0abc"),
        ["listArchive.cursor"] = new("The `nextCursor` of the page before.", "01k9zj4v8h3q5n7r2t6w8y0abc"),
        ["listReplies.cursor"] = new("The `nextCursor` of the page before.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["listAudit.cursor"] = new("The `nextCursor` of the page before.", "01k9zj4v8h3q5n7r2t6w8y0abc"),

        // Of the list of stories.
        ["author"] = new("Handle of their author.", "ana"),
        ["kind"] = new("What they show.", "image", """{ "type": "string", "enum": ["image", "video", "audio", "text", "recording"] }"""),
        ["listStories.tag"] = new("A tag that they have; repeated: all of them.", new JsonArray("perf"), Texts),
        ["listStories.slot"] = new("The slot that they were posted into.", "build/main"),
        ["history"] = new("Also those of the slot that a newer one has replaced; needs `slot`.", true, Flag),
        ["unseen"] = new("Only those that the caller has neither seen nor muted.", true, Flag),
        ["since"] = new("A time, or how long ago: those that were posted since.", "24h"),
        ["getDigest.since"] = new("A time, or how long ago, at most 30 days: 24 h unless told.", "24h"),
        ["q"] = new(
            "Words that caption, text, tags or author hold, all of them: at most 10, with 200 characters together.",
            "release thursday"
        ),

        // Of a story that is posted.
        ["caption"] = new($"Shown under the story, at most {Limits.CaptionCharacters} characters.", "The new desk"),
        ["ttl"] = new(
            "Lifetime: `90s`, `15m`, `6h`, `7d` or `PT6H` (default: 24 h; range: 5 min to 30 d). `GET /v1/limits` shows the values of this server.",
            "6h"
        ),
        ["slot"] = new("The place of this author's that it takes over: `[a-z0-9._/-]{1,64}`.", "build/main"),
        ["tag"] = new(
            $"At most {Limits.Tags} of `[a-z0-9-]{{1,32}}`.",
            new JsonArray("perf"),
            $$"""{ "type": "array", "maxItems": {{Limits.Tags}}, "items": { "type": "string", "pattern": "^[a-z0-9-]{1,32}$" } }"""
        ),
        ["audience"] = new("`team`, or handles and `+circle` names (default: `team`).", new JsonArray("bob", "+design"), Texts),
        ["fileName"] = new(
            $"The server keeps the last segment, at most {Limits.FileNameBytes} bytes (default: the file name in the form).",
            "photo.jpg"
        ),
        ["link"] = new(
            $"At most {Limits.Links} http(s) addresses.",
            new JsonArray("https://ci.example.org/runs/17"),
            $$"""{ "type": "array", "maxItems": {{Limits.Links}}, "items": { "type": "string", "format": "uri" } }"""
        ),
        ["replies"] = new("Whether the story takes replies (default: `on`).", "on", """{ "type": "string", "enum": ["on", "off"] }"""),
        ["mention"] = new(
            $"Handle of somebody whom it mentions, as `@handle` in caption or text does; at most {Limits.Mentions} people.",
            new JsonArray("bob"),
            Texts
        ),
        ["answers"] = new("Id of the question that it answers, which is asked now.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["poll.question"] = new($"What it asks its viewers, at most {Limits.PollQuestionCharacters} characters.", "Release today?"),
        ["poll.option"] = new(
            $"An answer to it, at most {Limits.PollOptionCharacters} characters; {Limits.PollOptionsMinimum} to {Limits.PollOptions} of them.",
            new JsonArray("yes", "no"),
            Texts
        ),
        ["asks"] = new("`help` for a call for help.", "help", """{ "type": "string", "enum": ["help"] }"""),
        ["compare"] = new("`true` for a before/after story: only in a form, whose files are then `before` and `after`.", false, Flag),
        ["keepSubtitles"] = new(
            "`true` for a video to keep its subtitles, which are dropped otherwise: drones write positions there. Of other files it changes nothing.",
            true,
            Flag
        ),
        ["putNamedStory.id"] = new("The file's name. A name in .txt, .log or .md makes a text card of text.", "build.log"),
        ["source.repository"] = new("The pipeline's repository.", "team/parser"),
        ["source.commit"] = new("Its commit.", "9fceb02"),
        ["source.ref"] = new("Its branch or tag.", "main"),
        ["source.run"] = new("Name or number of its run.", "17"),
        ["source.runUrl"] = new(
            "http(s) address of its run.",
            "https://ci.example.org/runs/17",
            """{ "type": "string", "format": "uri" }"""
        ),
        ["source.status"] = new("How it ended.", "passed", """{ "type": "string", "enum": ["passed", "failed"] }"""),
        ["source.exitCode"] = new("Exit code of the command.", 0, """{ "type": "integer", "minimum": 0, "maximum": 255 }"""),
        ["source.durationMs"] = new("How long it ran, in milliseconds.", 48000, """{ "type": "integer", "minimum": 0 }"""),

        // Of media.
        ["getMedia.link"] = new("What `POST /v1/stories/{id}/links` put into the address; it stands for the token.", "EXAMPLE"),
        ["headMedia.link"] = new("What `POST /v1/stories/{id}/links` put into the address; it stands for the token.", "EXAMPLE"),
        ["part"] = new(
            "Which picture of a before/after story; the one after unless told. Other stories have no parts.",
            "before",
            """{ "type": "string", "enum": ["after", "before", "difference"] }"""
        ),
        ["width"] = new(
            "Widest in pixels; 1920 unless told. Never enlarged.",
            640,
            """{ "type": "integer", "minimum": 1, "maximum": 1920 }"""
        ),
        ["height"] = new(
            "Highest in pixels; 1920 unless told. Never enlarged.",
            360,
            """{ "type": "integer", "minimum": 1, "maximum": 1920 }"""
        ),

        // Of feeds.
        ["key"] = new("What `POST /v1/feeds` answered; it stands for the token.", "stf_EXAMPLE"),

        // Headers of requests.
        [IdempotencyKey.Header] = new(
            "1 to 128 visible ASCII characters. The same key of the same account gives the same answer for 24 h, without a second effect.",
            "build-17-screenshot"
        ),
        ["Last-Event-ID"] = new("The `id` of the last event that came: those since then come first.", "5f2b9c71a0de-17"),
        ["Range"] = new("The bytes that are wanted.", "bytes=0-1023"),
        ["If-Range"] = new(
            "The `ETag` that the range is of: if it no longer holds, the whole comes.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["If-None-Match"] = new(
            "The `ETag` of what the caller has: if it still holds, 304.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["If-Match"] = new(
            "The `ETag` that the bytes must have: otherwise 412.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["If-Unmodified-Since"] = new("When the bytes must have been there: otherwise 412.", "Sun, 22 Nov 2026 18:00:00 GMT"),
        ["If-Modified-Since"] = new("The `Last-Modified` of what the caller has.", "Sun, 22 Nov 2026 18:00:00 GMT"),
        ["getSharePage.Accept"] = new("`text/html` for refusals that are pages.", "text/html"),
        ["headSharePage.Accept"] = new("`text/html` for refusals that are pages.", "text/html"),
        ["Accept"] = new("`image/png` for PNG; JPEG unless that is preferred.", "image/png"),

        // Headers of answers.
        ["Accept-Ranges"] = new("`bytes`.", "bytes"),
        ["Allow"] = new("The methods that the route has.", "GET, HEAD"),
        ["Cache-Control"] = new("`private`, and no longer than the story's life.", "private, max-age=86400"),
        ["createBackup.Cache-Control"] = new("`no-store`.", "no-store"),
        ["getSharePage.Content-Security-Policy"] = new(
            "Nothing is run, and nothing loaded but the story's own file.",
            "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-EXAMPLE'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ["getSharePage.Cache-Control"] = new("`no-store`.", "no-store"),
        ["headSharePage.Content-Security-Policy"] = new(
            "Nothing is run, and nothing loaded but the story's own file.",
            "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-EXAMPLE'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ["headSharePage.Cache-Control"] = new("`no-store`.", "no-store"),
        ["getSharedMedia.Cache-Control"] = new("Asked for again each time: a share may be revoked at any moment.", "private, no-cache"),
        ["headSharedMedia.Cache-Control"] = new("Asked for again each time: a share may be revoked at any moment.", "private, no-cache"),
        ["getFeed.Cache-Control"] = new("Asked for again each time: what it has may be over at any moment.", "private, no-cache"),
        ["getFeed.ETag"] = new(
            "Another one when anything in it is another.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["Referrer-Policy"] = new("No other site learns the address.", "no-referrer"),
        ["X-Robots-Tag"] = new("No search engine keeps it.", "noindex, nofollow, noarchive"),
        ["Content-Security-Policy"] = new("Nothing that the file names or runs is loaded or run.", "sandbox; default-src 'none'"),
        ["Cross-Origin-Resource-Policy"] = new("No other site shows the file.", "same-origin"),
        ["X-Content-Type-Options"] = new("The type is the one that is told.", "nosniff"),
        ["Content-Disposition"] = new("The file's name, by RFC 6266.", "inline; filename=photo.jpg"),
        ["Content-Range"] = new("Which bytes of how many.", "bytes 0-1023/48213"),
        ["ETag"] = new("The SHA-256 of the bytes.", "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""),
        ["Last-Modified"] = new("When it was posted.", "Sun, 22 Nov 2026 18:00:00 GMT"),
        ["Location"] = new("The story's own path.", "/v1/stories/01k9zj4v8h3q5n7r2t6w8y0abc"),
        ["Retry-After"] = new("Seconds after which trying again makes sense.", 1, Whole),
        ["Vary"] = new("`Accept`.", "Accept"),
        ["WWW-Authenticate"] = new("`Bearer`.", "Bearer", Text),
    };

    public bool IsList => Schema.Contains("\"array\"", StringComparison.Ordinal);

    public JsonObject ToSchema() => JsonNode.Parse(Schema)!.AsObject();

    public static Parameter? Find(string operation, string name) =>
        All.GetValueOrDefault($"{operation}.{name}") ?? All.GetValueOrDefault(name);

    /// <exception cref="InvalidOperationException">It is not described.</exception>
    public static Parameter Get(string operation, string name) =>
        Find(operation, name)
        ?? throw new InvalidOperationException(
            $"{operation} has the parameter or header `{name}`, and nobody says what it means: add a line [\"{name}\"] (or [\"{operation}.{name}\"]) to tests/Repo.Tests/OpenApi/Parameter.cs"
        );
}
