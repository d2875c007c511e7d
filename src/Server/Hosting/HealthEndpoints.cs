using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Hosting;

/// <summary>Whether the process lives, whether it is ready, and the limits it runs with.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];
    private static readonly TimeSpan SweeperAgeMaximum = TimeSpan.FromMinutes(2);

    public static void AddOperation(this IServiceCollection services) =>
        services
            .AddSingleton<Start>()
            .AddSingleton<BackupWriter>()
            .AddSingleton<LeftoverFiles>()
            .AddSingleton<AdminSocket>()
            .AddSingleton<RequestMetrics>()
            .AddSingleton<PublicAddress>()
            .AddSingleton<DiskMonitor>()
            .AddHostedService(provider => provider.GetRequiredService<DiskMonitor>())
            .AddSingleton<RefusalLog>()
            .AddHostedService(provider => provider.GetRequiredService<RefusalLog>())
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
        app.MapMethods("/readyz", GetAndHead, GetReady)
            .AllowAnonymous()
            .Describe(
                new(Tags.Server, "getReadiness", "Whether database, disk, image library and sweeper are fit to serve")
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

    private static ContentHttpResult GetReady(
        Database database,
        Sweeper sweeper,
        DiskMonitor disk,
        UnknownMedia unknown,
        DamagedMedia damaged,
        VipsLibrary vips,
        DataDirectory directory
    )
    {
        var faults = new Dictionary<string, string[]>();
        if (!database.Health.IsReady)
        {
            faults["database"] = [database.Health.Reason ?? $"is {database.Health.State}"];
        }
        if (disk.FindFault() is { } full)
        {
            faults["disk"] = [full];
        }
        if (vips.IsExpected && FindFault(vips) is { } fault)
        {
            faults["pictures"] = [$"cannot be decoded: {fault}"];
        }
        if (sweeper.Age > SweeperAgeMaximum)
        {
            faults["sweeper"] = [$"last ended {sweeper.Age.TotalSeconds:0} s ago, and may be {SweeperAgeMaximum.TotalSeconds} s old"];
        }
        return faults.Count == 0
            ? TypedResults.Text(
                string.Concat(
                    DamageNotes.Of(database, directory).Concat(Notes(unknown, damaged)).Prepend("ready").Select(line => line + "\n")
                )
            )
            : throw new ApiProblem(Errors.ServerUnavailable, string.Join("; ", faults.Select(f => $"{f.Key} {f.Value[0]}")))
            {
                Fields = faults,
            };
    }

    /// <summary>What keeps nobody from being served, and what the host should know all the same: a line each.</summary>
    private static IEnumerable<string> Notes(UnknownMedia unknown, DamagedMedia damaged)
    {
        if (unknown.Held is { Ids: > 0 } held)
        {
            yield return $"media: {Counted.Of(held.Files, "file")} that no story accounts for {Counted.Noun(held.Files, "is", "are")} kept; see stories-server purge --help";
        }
        if (damaged.Count is > 0 and var count)
        {
            yield return $"media: {Counted.Of(count, "file")} of stories {Counted.Noun(count, "is", "are")} damaged and not served; stories-server purge --dry-run names {Counted.Noun(count, "it", "them")}";
        }
    }

    /// <summary>What failed at the start, for want of room on the disk perhaps, is tried again.</summary>
    private static string? FindFault(VipsLibrary vips)
    {
        try
        {
            vips.Load();
            return null;
        }
        catch (PosterUnavailableException e)
        {
            return e.Message;
        }
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
