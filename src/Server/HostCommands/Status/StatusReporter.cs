using System.Diagnostics;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.HostCommands.Status;

/// <summary>Collects in the running server what <c>stories-server status</c> shows.</summary>
internal sealed class StatusReporter(
    Readiness readiness,
    AccountStore accounts,
    StoryInventory stories,
    UsedSpace space,
    AuditStore audit,
    CertificateMonitor certificate,
    Database database,
    ScheduledBackups backups,
    MediaStore media,
    DataDirectory directory,
    ServerOptions options
)
{
    /// <param name="listening">Addresses where the server listens now.</param>
    /// <param name="cancel">Cancels the reading of the audit trail.</param>
    public async Task<StatusReport> ReportAsync(IEnumerable<string> listening, CancellationToken cancel)
    {
        var notes = new List<string>();
        var isReady = TryReport(notes);
        if (media is BucketStore { Fault: { } away })
        {
            notes.Add($"media: {away}");
        }
        if (backups.Fault is { } fault)
        {
            notes.Add($"backups: the last try failed: {fault}");
        }
        // The machine's time, as of the process: the server's clock may stand still.
        var started = new DateTimeOffset(Process.GetCurrentProcess().StartTime);
        return new()
        {
            Version = ServerVersion.Text,
            Schema = Migrations.Released.Newest,
            Ready = isReady,
            LastBackup = await FindBackupAsync(notes, cancel).ConfigureAwait(false),
            Notes = notes,
            StartedAt = started.ToWholeMilliseconds(),
            UptimeSeconds = (long)(TimeProvider.System.GetUtcNow() - started).TotalSeconds,
            Listening = [.. listening.Select(address => ListenAddress.TryParseListening(address)?.Text ?? address)],
            Data = new(
                directory.Path,
                options.Database?.Text,
                LengthOf(directory.DatabaseFile),
                LengthOf(directory.LogFile),
                accounts.All().Count,
                [.. stories.TotalsByKind().Select(it => new StatusStories(it.Kind, it.Count, it.Bytes))]
            ),
            Role = options.Database is null
                ? null
                : new(database.Role.IsWriter, database.Role.Writer?.Name, database.Role.Seq, Math.Round(database.Role.Age.TotalSeconds, 1)),
            Disk = new(directory.FreeBytes, options.DiskFloorBytes, space.Bytes, options.QuotaTotalBytes),
            Certificate = options.TlsCertificate is { } file ? new(file, certificate.End) : null,
            Options = [.. OptionTable.All.Select(OptionOf)],
        };
    }

    private bool TryReport(List<string> notes)
    {
        try
        {
            notes.AddRange(readiness.Report().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
            return true;
        }
        catch (ApiProblem e)
        {
            notes.AddRange(e.Fields!.Select(fault => $"{fault.Key} {fault.Value[0]}"));
            return false;
        }
    }

    private async Task<StatusBackup?> FindBackupAsync(List<string> notes, CancellationToken cancel)
    {
        try
        {
            return await audit.FindLastAsync(AuditActions.BackupFinished, cancel).ConfigureAwait(false) is { } last
                ? new(last.At, last.Actor)
                : null;
        }
        catch (DatabaseUnavailableException e)
        {
            notes.Add($"the audit trail cannot be read for the last backup: {e.Message}");
            return null;
        }
    }

    private StatusOption OptionOf(ServerOption option) =>
        options.Given.TryGetValue(option.Name, out var given)
            ? new(option.Name, given.Value, given.Source)
            : new(option.Name, option.Default, OptionSources.Default);

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
