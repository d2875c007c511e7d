using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>A backup of everything as one archive, while the server runs.</summary>
internal static class BackupEndpoints
{
    private const double SlowestBytesPerSecond = 64 * 1024;

    public static void MapBackups(this IEndpointRouteBuilder app) =>
        app.MapPost(
                "/v1/admin/backup",
                async (HttpContext context, CurrentAccount caller, BackupWriter writer, AuditStore audit, TimeProvider time) =>
                {
                    await JsonBody.VerifyEmptyAsync(context.Request).ConfigureAwait(false);
                    await StreamAsync(context, caller.Handle, writer, audit, time).ConfigureAwait(false);
                }
            )
            .RequireAuthorization(Policies.Admin)
            .WithMetadata(WorksOnFullDisk.Yes)
            .Describe(
                new(Tags.Administration, "createBackup", "One archive of everything, while the server runs")
                {
                    Details = "`stories-server restore` makes a data directory of it. It holds secrets.",
                    Answers =
                    [
                        ResponseDocs.File(200, "A tar archive, whole only if the answer ends as it should.", "application/x-tar") with
                        {
                            Headers = ["Cache-Control", "Content-Disposition"],
                        },
                    ],
                }
            );

    /// <summary>Sends the archive, or refuses before the first byte.</summary>
    /// <param name="context">The request.</param>
    /// <param name="actor">Handle of the account that takes the backup; null for the host, on the server's machine.</param>
    /// <param name="writer">Writes the archive.</param>
    /// <param name="audit">Records the backup.</param>
    /// <param name="time">Clock, for the name of the archive.</param>
    public static async Task StreamAsync(HttpContext context, string? actor, BackupWriter writer, AuditStore audit, TimeProvider time)
    {
        var cancel = context.RequestAborted;
        await audit.NoteAsync(actor, AuditActions.BackupTaken, "server", detail: null, cancel).ConfigureAwait(false);
        using (var moment = await writer.HoldAsync(cancel).ConfigureAwait(false))
        {
            await SendAsync(context, moment, writer, time).ConfigureAwait(false);
        }
        cancel.ThrowIfCancellationRequested();
        try
        {
            // Before the answer ends: a client that has the whole archive may ask for the status at once.
            await audit.NoteAsync(actor, AuditActions.BackupFinished, "server", detail: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DatabaseUnavailableException or IOException or ApiProblem)
        {
            // The archive is whole. Only the audit does not say so.
            Hosting.Log.BackupNotNoted(context.RequestServices.GetRequiredService<ILogger<BackupWriter>>(), e.Message);
        }
    }

    private static async Task SendAsync(
        HttpContext context,
        DatabaseSnapshot<IReadOnlyList<StoredMedia>> moment,
        BackupWriter writer,
        TimeProvider time
    )
    {
        var cancel = context.RequestAborted;
        var name = time.GetUtcNow().ToString("'stories-'yyyyMMdd-HHmmss'.tar'", CultureInfo.InvariantCulture);
        // HTTP/2 has one rate for all responses and cannot set another for one.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate && context.Features.Get<IHttp2StreamIdFeature>() is null)
        {
            // During the backup the log only grows, so a slower reader would hold up the server for too long.
            rate.MinDataRate = new MinDataRate(
                SlowestBytesPerSecond,
                context.RequestServices.GetRequiredService<ServerOptions>().ReaderPatience
            );
        }
        context.Response.ContentType = "application/x-tar";
        context.Response.Headers.ContentDisposition = $"attachment; filename={name}";
        context.Response.Headers.CacheControl = "no-store";
        await writer.WriteAsync(moment, context.Response.Body, cancel).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(cancel).ConfigureAwait(false);
    }
}
