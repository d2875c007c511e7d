using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>One method of one route, from the server's table of endpoints.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">As the code writes it.</param>
/// <param name="Id">The operation's id.</param>
/// <param name="About">Null when the route is not described.</param>
/// <param name="Needs">What a token must have; empty for an open route.</param>
/// <param name="Credential">What may stand for the token.</param>
/// <param name="IsDecided">Whether the route says who may use it, be it everybody.</param>
/// <param name="Query">Names of its query parameters.</param>
/// <param name="NeedsRoom">Whether it is refused while the disk is full.</param>
internal sealed record Route(
    string Method,
    string Path,
    string Id,
    RouteDocs? About,
    IReadOnlyList<IAuthorizationRequirement> Needs,
    QueryCredential? Credential,
    bool IsDecided,
    string[] Query,
    bool NeedsRoom
)
{
    public static IReadOnlyList<Route> All { get; } = Read();

    /// <summary>Routes with a description; a test names the others.</summary>
    public static IEnumerable<Route> Documented => All.Where(route => route.About is not null);

    public bool IsOpen => Needs.Count == 0;

    public bool IsForAdmins => Needs.OfType<AdminRequirement>().Any();

    /// <summary>Whether the scope <c>post</c> is needed beside <see cref="Scopes"/>.</summary>
    public bool IsWrite => Needs.OfType<WriteRequirement>().Any();

    /// <summary>Scopes, any of which is enough; none for an open route.</summary>
    public IReadOnlyList<string> Scopes => Needs.OfType<ScopeRequirement>().SingleOrDefault()?.AnyOf ?? [];

    public bool TakesBody => About is { Body: not null } or { TakesFile: true } or { TakesEvents: true };

    /// <summary>All errors that it can answer, in the order of their table.</summary>
    public ErrorCode[] Refusals()
    {
        var may = new HashSet<ErrorCode>([Errors.InvalidRequest, Errors.Internal, .. About!.Refusals]);
        may.UnionWith(IsOpen ? [] : [Errors.NotSignedIn, Errors.ScopeMissing, Errors.RateLimited, Errors.ServerUnavailable]);
        may.UnionWith(NeedsRoom ? [Errors.NoRoom] : []);
        may.UnionWith(IsForAdmins ? [Errors.RoleMissing] : []);
        may.UnionWith(Credential == QueryCredential.SignedLink ? [Errors.LinkInvalid, Errors.LinkExpired] : []);
        may.UnionWith(Credential == QueryCredential.FeedKey ? [Errors.FeedKeyInvalid] : []);
        may.UnionWith(TakesBody ? [Errors.InvalidJson, Errors.RequestTimeout, Errors.TooLarge, Errors.MediaTypeRefused] : []);
        may.UnionWith(About.Repeatable ? [Errors.IdempotencyConflict] : []);
        return [.. Errors.All.Where(may.Contains)];
    }

    /// <summary>The scopes that a token needs, in words; empty for an open route.</summary>
    public string NeedsInWords() =>
        string.Join(" or ", Scopes.Select(scope => $"`{scope}`"))
        + (IsWrite ? $" and `{Contracts.Scopes.Post}`" : "")
        + (
            Credential == QueryCredential.SignedLink ? " or a signed link"
            : Credential == QueryCredential.FeedKey ? " or a feed key"
            : ""
        );

    private static Route[] Read()
    {
        var folder = Directory.CreateTempSubdirectory("stories-routes-");
        try
        {
            var options = new ServerOptions
            {
                Data = System.IO.Path.Combine(folder.FullName, "data"),
                Listen = [new("http://127.0.0.1:0", "127.0.0.1", 0, null)],
            };
            using var data = DataDirectory.Open(options.Data);
            var app = Program.Build(options, data, TimeProvider.System);
            try
            {
                return
                [
                    .. ((IEndpointRouteBuilder)app)
                        .DataSources.SelectMany(source => source.Endpoints)
                        .OfType<RouteEndpoint>()
                        .SelectMany(Of),
                ];
            }
            finally
            {
                app.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<Route> Of(RouteEndpoint endpoint)
    {
        var about = endpoint.Metadata.GetMetadata<RouteDocs>();
        var methods = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods;
        return methods.Select(
            (method, i) =>
                new Route(
                    method,
                    endpoint.RoutePattern.RawText!,
                    about is null ? ""
                        : i == 0 ? about.Id
                        : method.ToLowerInvariant() + about.Id[about.Id.TakeWhile(char.IsLower).Count()..],
                    about,
                    [.. endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(policy => policy.Requirements)],
                    endpoint.Metadata.GetMetadata<QueryCredential>(),
                    endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                        != endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null,
                    endpoint.Metadata.GetMetadata<AllowedQuery>()?.Names ?? [],
                    FullDiskFilter.IsClosedTo(method, endpoint.Metadata)
                )
        );
    }
}
