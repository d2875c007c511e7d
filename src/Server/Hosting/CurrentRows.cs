using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Hosting;

/// <summary>
/// If another server may write, a server that cannot reach the database refuses all requests: it cannot know what was deleted or revoked.
/// </summary>
internal static class CurrentRows
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    public static void UseCurrentRows(this WebApplication app, ServerOptions options)
    {
        if (options.Database is null)
        {
            return;
        }
        var database = app.Services.GetRequiredService<Database>();
        app.Use(
            (context, next) =>
                database.Role.Age <= WriterRole.AgeMaximum || IsAboutServer(context.Request.Path)
                    ? next(context)
                    : throw new ApiProblem(Errors.ServerUnavailable, "the server cannot reach its database; try again in a moment")
                    {
                        RetryAfter = TryAgainAfter,
                    }
        );
    }

    private static bool IsAboutServer(PathString path) => path == "/livez" || path == "/readyz";
}
