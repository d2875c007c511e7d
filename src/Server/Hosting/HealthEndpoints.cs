using System.Net.Mime;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.HostCommands.Status;
using StoriesCli.Server.Hosting.Peers;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Hosting;

/// <summary>Whether the process lives, whether it is ready, and the limits it runs with.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static void AddOperation(this IServiceCollection services) =>
        services
            .AddSingleton<Start>()
            .AddSingleton<WriterForwarder>()
            .AddSingleton<BackupWriter>()
            .AddSingleton<ScheduledBackups>()
            .AddHostedService(provider => provider.GetRequiredService<ScheduledBackups>())
            .AddSingleton<LeftoverFiles>()
            .AddSingleton<StatusReporter>()
            .AddSingleton<AdminSocket>()
            .AddSingleton<RequestMetrics>()
            .AddSingleton<PublicAddress>()
            .AddSingleton<DiskMonitor>()
            .AddHostedService(provider => provider.GetRequiredService<DiskMonitor>())
            .AddSingleton<RefusalLog>()
            .AddHostedService(provider => provider.GetRequiredService<RefusalLog>())
            .AddSingleton<Readiness>()
            .AddSingleton<CertificateMonitor>()
            .AddHostedService(provider => provider.GetRequiredService<CertificateMonitor>())
            .AddSingleton<Metrics>()
            .AddSingleton<PrometheusPage>();

    public static void MapOperation(this IEndpointRouteBuilder app)
    {
        app.MapUsage();
        app.MapBackups();
        app.MapOpenApi();
        app.MapMethods("/livez", GetAndHead, () => TypedResults.Text("live\n"))
            .AllowAnonymous()
            .Describe(
                new(Tags.Server, "getLiveness", "Whether the process lives")
                {
                    Answers = [ResponseDocs.File(200, "It does.", MediaTypeNames.Text.Plain)],
                }
            );
        app.MapMethods("/readyz", GetAndHead, (Readiness readiness) => TypedResults.Text(readiness.Report()))
            .AllowAnonymous()
            .Describe(
                new(Tags.Server, "getReadiness", "Whether database, disk and sweeper are fit to serve")
                {
                    Answers = [ResponseDocs.File(200, "They are.", MediaTypeNames.Text.Plain)],
                    Refusals = [Errors.ServerUnavailable],
                }
            );
        app.MapGet("/v1/limits", (ServerOptions options) => TypedResults.Json(LimitsOf(options), ContractsJson.Default.ServerLimits))
            .AllowAnonymous()
            .Describe(
                new(Tags.Server, "getLimits", "The limits that this server runs with")
                {
                    Answers = [ResponseDocs.Of<ServerLimits>("Sizes in bytes, times in milliseconds.")],
                }
            );
    }

    private static ServerLimits LimitsOf(ServerOptions options) =>
        new()
        {
            Version = ServerVersion.Text,
            ImageBytes = options.Media.ImageBytes,
            ImagePixels = options.Media.ImagePixels,
            ImagePixelsAllFrames = options.Media.ImagePixelsAllFrames,
            VideoBytes = options.Media.VideoBytes,
            VideoDurationMs = (long)options.Media.VideoDuration.TotalMilliseconds,
            AudioBytes = options.Media.AudioBytes,
            AudioDurationMs = (long)options.Media.AudioDuration.TotalMilliseconds,
            RecordingBytes = options.Media.RecordingBytes,
            ImageTypes = options.Heic.Path is null ? MediaTypes.Images : [.. MediaTypes.Images, MediaTypes.Heic],
            VideoPosters = options.Ffmpeg.Path is not null,
            TextBytes = options.Media.TextBytes,
            CaptionCharacters = Limits.CaptionCharacters,
            Tags = Limits.Tags,
            Links = Limits.Links,
            SearchCharacters = Limits.SearchCharacters,
            SearchWords = Limits.SearchWords,
            MinTtlMs = (long)options.MinTtl.TotalMilliseconds,
            MaxTtlMs = (long)options.MaxTtl.TotalMilliseconds,
            DefaultTtlMs = (long)options.DefaultTtl.TotalMilliseconds,
        };
}
