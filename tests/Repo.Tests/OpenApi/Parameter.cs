using System.Text.Json.Nodes;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>What a parameter of a path, a query (and the form with the same fields) or a header means.</summary>
/// <param name="Meaning">With its range and its default.</param>
/// <param name="Example">A value as a client sends it.</param>
/// <param name="Schema">JSON Schema (default: a text).</param>
internal sealed record Parameter(string Meaning, JsonNode Example, string Schema = """{ "type": "string" }""")
{
    private const string Text = """{ "type": "string" }""",
        Texts = """{ "type": "array", "items": { "type": "string" } }""",
        Flag = """{ "type": "boolean" }""",
        Whole = """{ "type": "integer" }""";

    /// <summary>By name, or by <c>operation.name</c> where it means something else for one operation.</summary>
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
        ["secret"] = new("The secret in the address from `POST /v1/stories/{id}/share`.", "sts_EXAMPLE"),
        ["replyId"] = new("The reply's id.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["handle"] = new("Handle of the account, `[a-z0-9_-]{2,32}`.", "ana"),
        ["name"] = new("The highlight's name, `[a-z0-9._-]{1,64}`.", "kept"),
        ["muteTag.tag"] = new("The tag, `[a-z0-9-]{1,32}`.", "perf"),
        ["unmuteTag.tag"] = new("The tag.", "perf"),
        ["putCircle.name"] = new("The circle's name, `[a-z0-9_-]{1,32}`.", "design"),
        ["deleteCircle.name"] = new("The circle's name.", "design"),

        // Of lists.
        ["limit"] = new("Number of items in the page.", 50, """{ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 }"""),
        ["cursor"] = new("The `nextCursor` of the previous page.", "50"),
        ["listStories.cursor"] = new("The `nextCursor` of the previous page.", "01k9zj4v8h3q5n7r2t6w8y0abc"),
        ["listArchive.cursor"] = new("The `nextCursor` of the previous page.", "01k9zj4v8h3q5n7r2t6w8y0abc"),
        ["listReplies.cursor"] = new("The `nextCursor` of the previous page.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["listAudit.cursor"] = new("The `nextCursor` of the previous page.", "01k9zj4v8h3q5n7r2t6w8y0abc"),

        // Of the list of stories.
        ["author"] = new("Handle of the author.", "ana"),
        ["kind"] = new(
            "Kind of the stories.",
            "image",
            """{ "type": "string", "enum": ["image", "video", "audio", "text", "recording"] }"""
        ),
        ["listStories.tag"] = new("A tag of the stories. Repeat it for stories that have all of these tags.", new JsonArray("perf"), Texts),
        ["listStories.slot"] = new("The slot of the stories.", "build/main"),
        ["history"] = new("Include stories that a newer one has replaced in the slot; needs `slot`.", true, Flag),
        ["unseen"] = new("Only stories that the caller has neither seen nor muted.", true, Flag),
        ["since"] = new("Only stories posted since then: a time, or how long ago.", "24h"),
        ["getDigest.since"] = new("A time, or how long ago, at most 30 days (default: 24 h).", "24h"),
        ["q"] = new(
            "Words that must all appear in caption, text, tags or author: at most 10, with 200 characters together.",
            "release thursday"
        ),

        // Of a story that is posted.
        ["caption"] = new($"Text under the story, at most {Limits.CaptionCharacters} characters.", "The new desk"),
        ["ttl"] = new(
            "Lifetime: `90s`, `15m`, `6h`, `7d` or `PT6H` (default: 24 h; range: 5 min to 30 d). `GET /v1/limits` shows the values of this server.",
            "6h"
        ),
        ["slot"] = new("The author's slot whose newest story it becomes: `[a-z0-9._/-]{1,64}`.", "build/main"),
        ["tag"] = new(
            $"A tag, `[a-z0-9-]{{1,32}}`; at most {Limits.Tags}.",
            new JsonArray("perf"),
            $$"""{ "type": "array", "maxItems": {{Limits.Tags}}, "items": { "type": "string", "pattern": "^[a-z0-9-]{1,32}$" } }"""
        ),
        ["audience"] = new("`team`, or handles and `+circle` names (default: `team`).", new JsonArray("bob", "+design"), Texts),
        ["fileName"] = new(
            $"The server keeps the last segment, at most {Limits.FileNameBytes} bytes (default: the file name in the form).",
            "photo.jpg"
        ),
        ["link"] = new(
            $"An http(s) address; at most {Limits.Links}.",
            new JsonArray("https://ci.example.org/runs/17"),
            $$"""{ "type": "array", "maxItems": {{Limits.Links}}, "items": { "type": "string", "format": "uri" } }"""
        ),
        ["replies"] = new("Whether the story takes replies (default: `on`).", "on", """{ "type": "string", "enum": ["on", "off"] }"""),
        ["mention"] = new(
            $"Handle of a person whom it mentions, like `@handle` in caption or text; at most {Limits.Mentions} people.",
            new JsonArray("bob"),
            Texts
        ),
        ["answers"] = new("Id of the question that it answers, which must be the current one.", "01k9zj4v8h3q5n7r2t6w8y0abd"),
        ["poll.question"] = new($"Question to the viewers, at most {Limits.PollQuestionCharacters} characters.", "Release today?"),
        ["poll.option"] = new(
            $"An option of the poll, at most {Limits.PollOptionCharacters} characters; {Limits.PollOptionsMinimum} to {Limits.PollOptions} options.",
            new JsonArray("yes", "no"),
            Texts
        ),
        ["asks"] = new("`help` for a help request.", "help", """{ "type": "string", "enum": ["help"] }"""),
        ["compare"] = new("`true` for a before/after story. Only in a form, with the files `before` and `after`.", false, Flag),
        ["keepSubtitles"] = new(
            "`true` keeps the subtitles of a video. By default the server drops them, because drones write positions there. It changes nothing in other files.",
            true,
            Flag
        ),
        ["putNamedStory.id"] = new("The file's name. With a name in .txt, .log or .md, text becomes a text card.", "build.log"),
        ["source.repository"] = new("The pipeline's repository.", "team/parser"),
        ["source.commit"] = new("The pipeline's commit.", "9fceb02"),
        ["source.ref"] = new("The pipeline's branch or tag.", "main"),
        ["source.run"] = new("Name or number of the run.", "17"),
        ["source.runUrl"] = new(
            "http(s) address of the run.",
            "https://ci.example.org/runs/17",
            """{ "type": "string", "format": "uri" }"""
        ),
        ["source.status"] = new("How the run ended.", "passed", """{ "type": "string", "enum": ["passed", "failed"] }"""),
        ["source.exitCode"] = new("Exit code of the command.", 0, """{ "type": "integer", "minimum": 0, "maximum": 255 }"""),
        ["source.durationMs"] = new("How long it ran, in milliseconds.", 48000, """{ "type": "integer", "minimum": 0 }"""),

        // Of media.
        ["getMedia.link"] = new("The value in the address from `POST /v1/stories/{id}/links`, instead of a token.", "EXAMPLE"),
        ["headMedia.link"] = new("The value in the address from `POST /v1/stories/{id}/links`, instead of a token.", "EXAMPLE"),
        ["part"] = new(
            "Picture of a before/after story (default: `after`). Other stories have no parts.",
            "before",
            """{ "type": "string", "enum": ["after", "before", "difference"] }"""
        ),
        ["width"] = new(
            "Largest width in pixels (default: 1920). The picture is never enlarged.",
            640,
            """{ "type": "integer", "minimum": 1, "maximum": 1920 }"""
        ),
        ["height"] = new(
            "Largest height in pixels (default: 1920). The picture is never enlarged.",
            360,
            """{ "type": "integer", "minimum": 1, "maximum": 1920 }"""
        ),

        // Of feeds.
        ["key"] = new("The `key` from `POST /v1/feeds`, instead of a token.", "stf_EXAMPLE"),

        // Headers of requests.
        [IdempotencyKey.Header] = new(
            "1 to 128 visible ASCII characters. For 24 h the same key of the same account gives the same answer, without a second effect.",
            "build-17-screenshot"
        ),
        ["Offset"] = new("How many bytes of events came before these.", 0, """{ "type": "integer", "minimum": 0 }"""),
        ["Last-Event-ID"] = new(
            "The `id` of the last event that you got. The stream begins with the events since then.",
            "5f2b9c71a0de-17"
        ),
        ["Range"] = new("The bytes that you want.", "bytes=0-1023"),
        ["If-Range"] = new(
            "The `ETag` of the file that the range is from. If the file is another one now, you get all of it.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["If-None-Match"] = new(
            "The `ETag` of your copy. If it is still current, the answer is 304.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["If-Match"] = new(
            "The `ETag` that the bytes must have. Otherwise the answer is 412.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["If-Unmodified-Since"] = new(
            "The bytes must not be newer than this time. Otherwise the answer is 412.",
            "Sun, 22 Nov 2026 18:00:00 GMT"
        ),
        ["If-Modified-Since"] = new("The `Last-Modified` of your copy.", "Sun, 22 Nov 2026 18:00:00 GMT"),
        ["getSharePage.Accept"] = new("`text/html` to get refusals as pages.", "text/html"),
        ["headSharePage.Accept"] = new("`text/html` to get refusals as pages.", "text/html"),
        ["Accept"] = new("`image/png` to get PNG (default: JPEG).", "image/png"),

        // Headers of answers.
        ["Accept-Ranges"] = new("`bytes`.", "bytes"),
        ["Allow"] = new("The methods that the route has.", "GET, HEAD"),
        ["Cache-Control"] = new("`private`, and for no longer than the story lives.", "private, max-age=86400"),
        ["createBackup.Cache-Control"] = new("`no-store`.", "no-store"),
        ["getSharePage.Content-Security-Policy"] = new(
            "The page runs nothing, and loads only the story's own file.",
            "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-EXAMPLE'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ["getSharePage.Cache-Control"] = new("`no-store`.", "no-store"),
        ["headSharePage.Content-Security-Policy"] = new(
            "The page runs nothing, and loads only the story's own file.",
            "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-EXAMPLE'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ["headSharePage.Cache-Control"] = new("`no-store`.", "no-store"),
        ["getSharedMedia.Cache-Control"] = new(
            "The client must ask again each time: a share may be revoked at any moment.",
            "private, no-cache"
        ),
        ["headSharedMedia.Cache-Control"] = new(
            "The client must ask again each time: a share may be revoked at any moment.",
            "private, no-cache"
        ),
        ["getFeed.Cache-Control"] = new("The client must ask again each time: its stories may end at any moment.", "private, no-cache"),
        ["getFeed.ETag"] = new(
            "Changes when anything in the feed changes.",
            "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""
        ),
        ["Referrer-Policy"] = new("Browsers do not send the address to other sites.", "no-referrer"),
        ["X-Robots-Tag"] = new("Search engines must not keep the page.", "noindex, nofollow, noarchive"),
        ["Content-Security-Policy"] = new("The file can load nothing and run nothing.", "sandbox; default-src 'none'"),
        ["Cross-Origin-Resource-Policy"] = new("Other sites cannot show the file.", "same-origin"),
        ["X-Content-Type-Options"] = new("Browsers must not guess another type.", "nosniff"),
        ["Content-Disposition"] = new("The file's name, by RFC 6266.", "inline; filename=photo.jpg"),
        ["Content-Range"] = new("Which bytes these are, and how many the file has.", "bytes 0-1023/48213"),
        ["ETag"] = new("The SHA-256 of the bytes.", "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""),
        ["Last-Modified"] = new("When the story was posted.", "Sun, 22 Nov 2026 18:00:00 GMT"),
        ["Location"] = new("The path of the story.", "/v1/stories/01k9zj4v8h3q5n7r2t6w8y0abc"),
        ["Retry-After"] = new("Seconds to wait before you try again.", 1, Whole),
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
            $"{operation} has the parameter or header `{name}`, and no line says what it means: add [\"{name}\"] (or [\"{operation}.{name}\"]) to tests/Repo.Tests/OpenApi/Parameter.cs"
        );
}
