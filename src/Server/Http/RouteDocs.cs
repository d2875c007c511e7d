using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>
/// What a route is for, what it takes and what it answers: endpoint metadata. The OpenAPI document and the table of routes in <c>docs/api.md</c> are rendered from it.
/// It does not repeat other metadata: its policy brings its refusals, <see cref="AllowedQuery"/> the parameters, a body the refusals of bodies.
/// </summary>
/// <param name="Tag">One of <see cref="Tags"/>.</param>
/// <param name="Id">The operation's id, beginning with the verb of the first method: other methods of the route put theirs in its place.</param>
/// <param name="Summary">One short sentence.</param>
internal sealed record RouteDocs(string Tag, string Id, string Summary)
{
    /// <summary>More, in Markdown.</summary>
    public string? Details { get; init; }

    /// <summary>The JSON body.</summary>
    public Type? Body { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>Whether the body is a file, a form with one, or <see cref="Body"/>.</summary>
    public bool TakesFile { get; init; }

    /// <summary>Whether the body is lines of asciicast events.</summary>
    public bool TakesEvents { get; init; }

    /// <summary>Whether an <c>Idempotency-Key</c> makes it safe to repeat.</summary>
    public bool Repeatable { get; init; }

    /// <summary>Request headers that it reads.</summary>
    public string[] Headers { get; init; } = [];
    public ResponseDocs[] Answers { get; init; } = [];

    /// <summary>Errors that do not already follow from its other metadata.</summary>
    public ErrorCode[] Refusals { get; init; } = [];

    /// <summary>The refusals of every route about one story.</summary>
    public static readonly ErrorCode[] StoryGone = [Errors.StoryNotFound, Errors.StoryExpired, Errors.StoryDeleted];
}

/// <summary>One way in which a route succeeds.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="What">What it holds or means.</param>
internal sealed record ResponseDocs(int Status, string What)
{
    /// <summary>The wire types that the JSON may have.</summary>
    public Type[] Json { get; init; } = [];

    /// <summary>Media types of an answer that is not JSON.</summary>
    public string[] Media { get; init; } = [];

    /// <summary>Media types, all of them text, that it is answered as in place of JSON when <c>Accept</c> asks for one.</summary>
    public string[] Otherwise { get; init; } = [];
    public string[] Headers { get; init; } = [];

    public static readonly ResponseDocs Done = new(204, "It is done.");

    public static ResponseDocs Of<T>(string what, int status = 200) => new(status, what) { Json = [typeof(T)] };

    public static ResponseDocs File(int status, string what, params string[] media) => new(status, what) { Media = media };
}

/// <summary>The chapters of the API.</summary>
internal static class Tags
{
    public const string Stories = "Stories";
    public const string Media = "Media";
    public const string Live = "Live terminals";
    public const string Conversation = "Conversation";
    public const string Sharing = "Sharing";
    public const string Highlights = "Highlights";
    public const string Events = "Events";
    public const string People = "People";
    public const string Access = "Access";
    public const string Administration = "Administration";
    public const string Server = "Server";
}

internal static class RouteDocsExtensions
{
    public static TBuilder Describe<TBuilder>(this TBuilder route, RouteDocs description)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(description);
}
