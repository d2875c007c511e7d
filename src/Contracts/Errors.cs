namespace StoriesCli.Contracts;

/// <summary>One way in which a request can fail. Server, client and documentation share it.</summary>
/// <param name="Code">Stable name in <c>snake_case</c>, never renamed; the last part of the problem's <c>type</c>.</param>
/// <param name="Status">HTTP status, 400–599.</param>
/// <param name="Title">One short sentence that does not change from case to case.</param>
/// <param name="ExitCode">Exit code of the command line, 1–7.</param>
/// <param name="Cause">When it happens, for <c>docs/errors.md</c>.</param>
/// <param name="Remedy">What the caller can do about it.</param>
public sealed record ErrorCode(string Code, int Status, string Title, int ExitCode, string Cause, string Remedy)
{
    /// <summary>The problem document's <c>type</c>: <c>urn:stories-cli:error:CODE</c>.</summary>
    public string Type => Errors.TypePrefix + Code;
}

/// <summary>The one table of errors. Add codes; never rename one or change its status.</summary>
public static class Errors
{
    /// <summary>Prefix of every problem document's <c>type</c>.</summary>
    public const string TypePrefix = "urn:stories-cli:error:";

    private const int Failed = 1,
        NotFound = 3,
        SignIn = 4,
        Refused = 5,
        Unavailable = 6;

    // 400
    /// <summary><c>invalid_json</c>, 400.</summary>
    public static readonly ErrorCode InvalidJson = new(
        "invalid_json",
        400,
        "The body is not the expected JSON.",
        Refused,
        "The body could not be read as JSON.",
        "Correct the JSON; the detail says where the error is."
    );

    /// <summary><c>invalid_request</c>, 400.</summary>
    public static readonly ErrorCode InvalidRequest = new(
        "invalid_request",
        400,
        "A value is not allowed.",
        Refused,
        "A field, query parameter or header is unknown, missing, or outside its range.",
        "Correct the fields in `errors`; each entry says the limit and the value that was seen."
    );

    // 401, 403
    /// <summary><c>not_signed_in</c>, 401.</summary>
    public static readonly ErrorCode NotSignedIn = new(
        "not_signed_in",
        401,
        "A valid token is needed.",
        SignIn,
        "The request has no token, or one that is mistyped, revoked, expired, or of a disabled account.",
        "Send `Authorization: Bearer sty_…`; get a token with `stories join` or from an admin."
    );

    /// <summary><c>scope_missing</c>, 403.</summary>
    public static readonly ErrorCode ScopeMissing = new(
        "scope_missing",
        403,
        "The token may not do this.",
        SignIn,
        "The token lacks the scope that the route needs.",
        "Use a token with the scope that the detail names."
    );

    /// <summary><c>role_missing</c>, 403.</summary>
    public static readonly ErrorCode RoleMissing = new(
        "role_missing",
        403,
        "The account may not do this.",
        SignIn,
        "The route is for another role.",
        "Ask someone with the role that the detail names."
    );

    /// <summary><c>not_author</c>, 403.</summary>
    public static readonly ErrorCode NotAuthor = new(
        "not_author",
        403,
        "Only the author may do this.",
        SignIn,
        "The story or the reply belongs to somebody else.",
        "Ask its author."
    );

    /// <summary><c>replies_off</c>, 403.</summary>
    public static readonly ErrorCode RepliesOff = new(
        "replies_off",
        403,
        "The story takes no replies.",
        Refused,
        "The story's author has turned replies off.",
        "React to the story, or ask its author."
    );

    /// <summary><c>invite_invalid</c>, 403.</summary>
    public static readonly ErrorCode InviteInvalid = new(
        "invite_invalid",
        403,
        "The invite is not valid.",
        SignIn,
        "The invite code is unknown, used, revoked or expired.",
        "Ask for a new invite."
    );

    /// <summary><c>link_invalid</c>, 403.</summary>
    public static readonly ErrorCode LinkInvalid = new(
        "link_invalid",
        403,
        "The link is not valid.",
        SignIn,
        "The signed link was changed, or the token or feed key that it was made with has ended.",
        "Ask for a new link."
    );

    /// <summary><c>link_expired</c>, 403.</summary>
    public static readonly ErrorCode LinkExpired = new(
        "link_expired",
        403,
        "The link has expired.",
        SignIn,
        "The lifetime of the signed link is over.",
        "Ask for a new link."
    );

    /// <summary><c>feed_key_invalid</c>, 403.</summary>
    public static readonly ErrorCode FeedKeyInvalid = new(
        "feed_key_invalid",
        403,
        "The feed key is not valid.",
        SignIn,
        "The key was changed or revoked, the token that it was made with has ended, or its account is disabled.",
        "Make a new one with `stories feed create`."
    );

    // 404, 405, 410
    /// <summary><c>route_not_found</c>, 404.</summary>
    public static readonly ErrorCode RouteNotFound = new(
        "route_not_found",
        404,
        "There is no such route.",
        Failed,
        "The server has no route with this path.",
        "Check the path against the API's documentation; the server may be older than the client."
    );

    /// <summary><c>method_not_allowed</c>, 405.</summary>
    public static readonly ErrorCode MethodNotAllowed = new(
        "method_not_allowed",
        405,
        "The route has no such method.",
        Failed,
        "The path exists, but not with this method.",
        "Use a method that the `Allow` header names."
    );

    /// <summary><c>story_not_found</c>, 404.</summary>
    public static readonly ErrorCode StoryNotFound = new(
        "story_not_found",
        404,
        "There is no such story.",
        NotFound,
        "No story has this id, or you may not see it. The answer is the same for both.",
        "Check the id with `stories list`."
    );

    /// <summary><c>account_not_found</c>, 404.</summary>
    public static readonly ErrorCode AccountNotFound = new(
        "account_not_found",
        404,
        "There is no such account.",
        NotFound,
        "No account has this handle.",
        "Check the handle with `stories people`."
    );

    /// <summary><c>token_not_found</c>, 404.</summary>
    public static readonly ErrorCode TokenNotFound = new(
        "token_not_found",
        404,
        "There is no such token.",
        NotFound,
        "The account has no token with this id.",
        "Check the id with `stories token list`."
    );

    /// <summary><c>invite_not_found</c>, 404.</summary>
    public static readonly ErrorCode InviteNotFound = new(
        "invite_not_found",
        404,
        "There is no such invite.",
        NotFound,
        "No open invite has this id.",
        "Check the id with `stories invite list`."
    );

    /// <summary><c>highlight_not_found</c>, 404.</summary>
    public static readonly ErrorCode HighlightNotFound = new(
        "highlight_not_found",
        404,
        "There is no such highlight.",
        NotFound,
        "Nobody with this handle has a highlight with this name, or you may see none of its stories.",
        "List the person's highlights."
    );

    /// <summary><c>receipt_not_found</c>, 404.</summary>
    public static readonly ErrorCode ReceiptNotFound = new(
        "receipt_not_found",
        404,
        "There is no receipt yet.",
        NotFound,
        "The story still exists, so there is nothing to prove.",
        "Ask again after the story has expired or was deleted."
    );

    /// <summary><c>circle_not_found</c>, 404.</summary>
    public static readonly ErrorCode CircleNotFound = new(
        "circle_not_found",
        404,
        "There is no such circle.",
        NotFound,
        "The account has no circle with this name.",
        "Check the name with `GET /v1/circles`."
    );

    /// <summary><c>reply_not_found</c>, 404.</summary>
    public static readonly ErrorCode ReplyNotFound = new(
        "reply_not_found",
        404,
        "There is no such reply.",
        NotFound,
        "The story's thread has no reply with this id, or the reply was deleted.",
        "List the story's replies."
    );

    /// <summary><c>help_not_found</c>, 404.</summary>
    public static readonly ErrorCode HelpNotFound = new(
        "help_not_found",
        404,
        "The story asks for no help.",
        NotFound,
        "The story was posted without a help request.",
        "Check the story: its `help` is null."
    );

    /// <summary><c>poll_not_found</c>, 404.</summary>
    public static readonly ErrorCode PollNotFound = new(
        "poll_not_found",
        404,
        "The story has no poll.",
        NotFound,
        "The story was posted without a poll.",
        "Check the story: its `poll` is null."
    );

    /// <summary><c>question_not_found</c>, 404.</summary>
    public static readonly ErrorCode QuestionNotFound = new(
        "question_not_found",
        404,
        "There is no such question.",
        NotFound,
        "No question has this id, or there is no question now.",
        "Check `GET /v1/question`, or tell an admin to ask a question."
    );

    /// <summary><c>webhook_not_found</c>, 404.</summary>
    public static readonly ErrorCode WebhookNotFound = new(
        "webhook_not_found",
        404,
        "There is no such webhook.",
        NotFound,
        "No webhook has this id, or another account made it and only that account may do this.",
        "Check the id with `stories webhook list`."
    );

    /// <summary><c>share_not_found</c>, 404.</summary>
    public static readonly ErrorCode ShareNotFound = new(
        "share_not_found",
        404,
        "There is no such share.",
        NotFound,
        "No share has this id or this address, or it was revoked. The answer is the same for both.",
        "Check the id with `stories share list`, or ask the person who shared it."
    );

    /// <summary><c>feed_not_found</c>, 404.</summary>
    public static readonly ErrorCode FeedNotFound = new(
        "feed_not_found",
        404,
        "There is no such feed key.",
        NotFound,
        "The account has no feed key with this id.",
        "Check the id with `stories feed list`."
    );

    /// <summary><c>poster_unavailable</c>, 404.</summary>
    public static readonly ErrorCode PosterUnavailable = new(
        "poster_unavailable",
        404,
        "There is no poster for this story.",
        NotFound,
        "The story's kind has no picture, or the server cannot make one from it.",
        "Show the caption instead."
    );

    /// <summary><c>story_expired</c>, 410.</summary>
    public static readonly ErrorCode StoryExpired = new(
        "story_expired",
        410,
        "The story has expired.",
        NotFound,
        "The story's lifetime is over.",
        "Expired stories are gone. Next time, keep the story before it expires."
    );

    /// <summary><c>story_deleted</c>, 410.</summary>
    public static readonly ErrorCode StoryDeleted = new(
        "story_deleted",
        410,
        "The story was deleted.",
        NotFound,
        "The author or an admin deleted the story.",
        "Deleted stories are gone. Ask the author to post it again."
    );

    /// <summary><c>share_ended</c>, 410.</summary>
    public static readonly ErrorCode ShareEnded = new(
        "share_ended",
        410,
        "The share has ended.",
        NotFound,
        "The share's time is over, or its story has ended.",
        "Ask the person who shared it."
    );

    // 408, 409, 412, 413, 415, 416, 429
    /// <summary><c>request_timeout</c>, 408.</summary>
    public static readonly ErrorCode RequestTimeout = new(
        "request_timeout",
        408,
        "The request took too long to arrive.",
        Unavailable,
        "The body arrived too slowly.",
        "Try again on a faster connection."
    );

    /// <summary><c>handle_taken</c>, 409.</summary>
    public static readonly ErrorCode HandleTaken = new(
        "handle_taken",
        409,
        "The handle is taken.",
        Refused,
        "Another account has, or had, this handle.",
        "Choose another handle."
    );

    /// <summary><c>last_owner</c>, 409.</summary>
    public static readonly ErrorCode LastOwner = new(
        "last_owner",
        409,
        "The server needs an owner.",
        Refused,
        "The account is the last owner that is not disabled, so nobody can demote, disable or delete it.",
        "Make another account an owner first."
    );

    /// <summary><c>poll_closed</c>, 409.</summary>
    public static readonly ErrorCode PollClosed = new(
        "poll_closed",
        409,
        "The poll is closed.",
        Refused,
        "The story's author has ended the poll.",
        "The votes are final."
    );

    /// <summary><c>idempotency_conflict</c>, 409.</summary>
    public static readonly ErrorCode IdempotencyConflict = new(
        "idempotency_conflict",
        409,
        "The idempotency key was used for another request.",
        Refused,
        "The same `Idempotency-Key` came with other fields or other bytes within 24 hours.",
        "Use a new key for a new request."
    );

    /// <summary><c>story_live</c>, 409.</summary>
    public static readonly ErrorCode StoryLive = new(
        "story_live",
        409,
        "The recording is not complete yet.",
        Refused,
        "The file of a live terminal was asked for while its command runs.",
        "Follow `GET /v1/stories/{id}/live`, or wait until the story is updated without `live`."
    );

    /// <summary><c>live_ended</c>, 409.</summary>
    public static readonly ErrorCode LiveEnded = new(
        "live_ended",
        409,
        "The story is not live.",
        Refused,
        "A live terminal was continued, ended or followed after its end, or the story never was one.",
        "Get the story: it is a recording now. Output that it lacks can be posted as another recording."
    );

    /// <summary><c>live_offset</c>, 409.</summary>
    public static readonly ErrorCode LiveOffset = new(
        "live_offset",
        409,
        "The output does not continue where the last one ended.",
        Refused,
        "The `Offset` of the request is not the number of bytes that the server has.",
        "Send the bytes from the `Offset` in the answer's header."
    );

    /// <summary><c>live_limit</c>, 409.</summary>
    public static readonly ErrorCode LiveLimit = new(
        "live_limit",
        409,
        "There are too many live terminals, or viewers of one.",
        Refused,
        "An account has 3 live terminals, the server 50, or a live terminal 200 viewers.",
        "Wait until one has ended; the detail says which limit was reached."
    );

    /// <summary><c>precondition_failed</c>, 412.</summary>
    public static readonly ErrorCode PreconditionFailed = new(
        "precondition_failed",
        412,
        "The media are not the expected ones.",
        Refused,
        "The `If-Match` of the request names no version that the server has, or its `If-Unmodified-Since` is before the story was posted.",
        "Send the request without the condition, and compare the `ETag`."
    );

    /// <summary><c>too_large</c>, 413.</summary>
    public static readonly ErrorCode TooLarge = new(
        "too_large",
        413,
        "The body is too large.",
        Refused,
        "The body, the file, or its number of pixels is over the limit.",
        "Send less; `GET /v1/limits` lists the limits."
    );

    /// <summary><c>address_too_long</c>, 414.</summary>
    public static readonly ErrorCode AddressTooLong = new(
        "address_too_long",
        414,
        "The address is too long.",
        Refused,
        "The request's first line is longer than the server accepts.",
        "Send fields in a form or in JSON instead of the query."
    );

    /// <summary><c>media_type_refused</c>, 415.</summary>
    public static readonly ErrorCode MediaTypeRefused = new(
        "media_type_refused",
        415,
        "The media type is not accepted.",
        Refused,
        "The server does not accept the type of the bytes, or they are damaged.",
        "Send JPEG, PNG, GIF, WebP, AVIF, MP4, MOV, WebM, MP3, Ogg, WAV, M4A, an asciicast, or text."
    );

    /// <summary><c>range_not_satisfiable</c>, 416.</summary>
    public static readonly ErrorCode RangeNotSatisfiable = new(
        "range_not_satisfiable",
        416,
        "The range lies outside the file.",
        Refused,
        "A `Range` header asked for bytes past the end.",
        "Request a range within the size in `Content-Range`."
    );

    /// <summary><c>rate_limited</c>, 429.</summary>
    public static readonly ErrorCode RateLimited = new(
        "rate_limited",
        429,
        "Too many attempts.",
        Unavailable,
        "Too many failed attempts came from this address, or the account has posted too many stories or used too many `Idempotency-Key`s.",
        "Wait for the time in `Retry-After`."
    );

    /// <summary><c>headers_too_large</c>, 431.</summary>
    public static readonly ErrorCode HeadersTooLarge = new(
        "headers_too_large",
        431,
        "The headers are too large.",
        Refused,
        "The request has more headers, or larger ones, than the server accepts.",
        "Send fewer or smaller headers; cookies are not needed."
    );

    // 5xx
    /// <summary><c>internal</c>, 500.</summary>
    public static readonly ErrorCode Internal = new(
        "internal",
        500,
        "The server failed.",
        Failed,
        "An unexpected error happened; the server's log has it under the same `traceId`.",
        "Tell the host the `traceId`."
    );

    /// <summary><c>media_damaged</c>, 500.</summary>
    public static readonly ErrorCode MediaDamaged = new(
        "media_damaged",
        500,
        "The story's file is damaged on the server.",
        Failed,
        "The file is missing, was cut short or was changed on the server's disk, so it is not the one that was posted. The server serves no part of it.",
        "Tell the host the `traceId`. The host can put the file back from a backup; otherwise post the story again."
    );

    /// <summary><c>unavailable</c>, 503.</summary>
    public static readonly ErrorCode ServerUnavailable = new(
        "unavailable",
        503,
        "The server cannot do this now.",
        Unavailable,
        "The write queue is full, too many pictures wait to be decoded, the database is being reopened, or the server is stopping.",
        "Try again after the time in `Retry-After`, with the same `Idempotency-Key`."
    );

    /// <summary><c>http_version_refused</c>, 505.</summary>
    public static readonly ErrorCode HttpVersionRefused = new(
        "http_version_refused",
        505,
        "The HTTP version is not supported.",
        Refused,
        "The request's first line names another HTTP version than 1.0, 1.1 and 2.",
        "Use HTTP/1.1 or HTTP/2."
    );

    /// <summary><c>quota_reached</c>, 507.</summary>
    public static readonly ErrorCode QuotaReached = new(
        "quota_reached",
        507,
        "The quota is reached.",
        Refused,
        "The account's or the server's quota of bytes is used up.",
        "Delete stories, wait for some to expire, or ask the host for a larger quota."
    );

    /// <summary><c>no_room</c>, 507.</summary>
    public static readonly ErrorCode NoRoom = new(
        "no_room",
        507,
        "The server's disk is full.",
        Refused,
        "The disk has less free space than the server's `--disk-floor`.",
        "Ask the host to free space."
    );

    /// <summary>Every code, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<ErrorCode> All =
    [
        InvalidJson,
        InvalidRequest,
        NotSignedIn,
        ScopeMissing,
        RoleMissing,
        NotAuthor,
        RepliesOff,
        InviteInvalid,
        LinkInvalid,
        LinkExpired,
        FeedKeyInvalid,
        RouteNotFound,
        MethodNotAllowed,
        StoryNotFound,
        AccountNotFound,
        TokenNotFound,
        InviteNotFound,
        CircleNotFound,
        HighlightNotFound,
        ReceiptNotFound,
        ReplyNotFound,
        HelpNotFound,
        PollNotFound,
        QuestionNotFound,
        ShareNotFound,
        FeedNotFound,
        WebhookNotFound,
        PosterUnavailable,
        RequestTimeout,
        HandleTaken,
        LastOwner,
        PollClosed,
        IdempotencyConflict,
        StoryLive,
        LiveEnded,
        LiveOffset,
        LiveLimit,
        StoryExpired,
        StoryDeleted,
        ShareEnded,
        PreconditionFailed,
        TooLarge,
        AddressTooLong,
        MediaTypeRefused,
        RangeNotSatisfiable,
        RateLimited,
        HeadersTooLarge,
        Internal,
        MediaDamaged,
        ServerUnavailable,
        HttpVersionRefused,
        QuotaReached,
        NoRoom,
    ];

    /// <summary>The code with this name; null for one that only a newer server knows.</summary>
    public static ErrorCode? Find(string code) => All.FirstOrDefault(e => e.Code == code);
}
