using System.IO.Compression;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Hosting;

/// <summary>Serves the server's own OpenAPI document. A test renders it from the routes' metadata, and the program embeds it compressed.</summary>
internal static class OpenApiEndpoints
{
    public const string Route = "/openapi/v1.json";

    private const string Resource = "openapi.json.gz";

    public static void MapOpenApi(this IEndpointRouteBuilder app) =>
        app.MapGet(Route, () => TypedResults.Stream(Open(), "application/json"))
            .AllowAnonymous()
            .Describe(
                new(Tags.Server, "getOpenApi", "What this API is, as an OpenAPI document")
                {
                    Answers = [ResponseDocs.File(200, "An OpenAPI 3.1 document.", "application/json")],
                }
            );

    private static GZipStream Open() =>
        new(
            typeof(OpenApiEndpoints).Assembly.GetManifestResourceStream(Resource)
                ?? throw new InvalidOperationException("This build has no description of the API."),
            CompressionMode.Decompress
        );
}
