using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>Takes backups by itself, as often as the host says, and keeps the newest ones. The names of those that are there tell when the next is due.</summary>
internal sealed class ScheduledBackups(
    BackupWriter writer,
    AuditStore audit,
    Database database,
    DataDirectory directory,
    ServerOptions options,
    TimeProvider time,
    ILogger<ScheduledBackups> log
) : PeriodicWork(Interval, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1),
        LongestPause = TimeSpan.FromHours(1);

    private readonly DateTimeOffset _started = time.GetUtcNow();
    private BackupPlace? _place;
    private DateTimeOffset? _newest;
    private DateTimeOffset _tryAgainAt;
    private int _failedInARow;
    private long _failures;

    /// <summary>Time since the newest good one; since the start before there is one. Null when none are taken.</summary>
    public TimeSpan? Age => options.Backups.IsOn ? Time.GetUtcNow() - (_newest ?? _started) : null;

    /// <summary>Number of failed tries since the start.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>What the host should know: why the last try failed; null when it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Call at the start.</summary>
    /// <exception cref="OptionUnusableException">No backup can be put there.</exception>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (!options.Backups.IsOn)
        {
            return;
        }
        try
        {
            _place = BackupPlace.Of(options, directory);
            await _place.PrepareAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BucketUnavailableException { IsRefusal: true } or UnauthorizedAccessException)
        {
            throw new OptionUnusableException($"--backup-to cannot be used: {e.Message}", e);
        }
    }

    public override void Dispose()
    {
        (_place as IDisposable)?.Dispose();
        base.Dispose();
    }

    protected override Task WorkAsync(CancellationToken cancel) =>
        _place is not null && Time.GetUtcNow() >= _tryAgainAt ? TryAsync(_place, cancel) : Task.CompletedTask;

    private async Task TryAsync(BackupPlace place, CancellationToken cancel)
    {
        try
        {
            var there = await place.ListAsync(cancel).ConfigureAwait(false);
            _newest = there.Count > 0 ? there[0].At : null;
            if (!database.Role.IsWriter)
            {
                // One of several servers is enough. The others only know how old the newest is.
                return;
            }
            // A name from the future is of a clock that was set back.
            if (_newest is null || _newest > Time.GetUtcNow() || _newest + options.Backups.Every <= Time.GetUtcNow())
            {
                _newest = await TakeAsync(place, cancel).ConfigureAwait(false);
                there = await place.ListAsync(cancel).ConfigureAwait(false);
            }
            foreach (var (name, _) in there.Skip(options.Backups.Keep))
            {
                await place.DeleteAsync(name, cancel).ConfigureAwait(false);
            }
            (Fault, _failedInARow) = (null, 0);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or DatabaseUnavailableException or ApiProblem or BackupException)
        {
            Interlocked.Increment(ref _failures);
            var pause = FirstPause * (1 << Math.Min(_failedInARow++, 6));
            _tryAgainAt = Time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
            Fault = e.Message;
            Hosting.Log.BackupFailed(log, e.Message, _tryAgainAt.UtcDateTime);
        }
    }

    /// <exception cref="IOException">The archive would take room that the host keeps free for posts.</exception>
    private void VerifyRoom(long bytes)
    {
        var free = directory.FreeBytes;
        if (free - bytes < options.DiskFloorBytes)
        {
            throw new IOException(
                $"the archive is written to the disk of '{directory.Path}' first, which has {free:N0} bytes free; it needs {bytes:N0} for the media, and {options.DiskFloorBytes:N0} must stay free (--disk-floor)"
            );
        }
    }

    /// <returns>The moment that it shows.</returns>
    private async Task<DateTimeOffset> TakeAsync(BackupPlace place, CancellationToken cancel)
    {
        await audit.NoteAsync(actor: null, AuditActions.BackupTaken, "server", detail: null, cancel).ConfigureAwait(false);
        var part = Path.Combine(place.WorkFolder, $".stories-scheduled-{Guid.NewGuid():N}.part");
        try
        {
            await using var file = PrivateFile.Open(part, FileMode.CreateNew, FileShare.None);
            DateTimeOffset at;
            using (var moment = await writer.HoldAsync(cancel).ConfigureAwait(false))
            {
                at = Time.GetUtcNow();
                if (place.IsBehindDisk)
                {
                    VerifyRoom(moment.Captured.Sum(story => story.Files.Sum(file => file.Media.Bytes)));
                }
                await writer.WriteAsync(moment, file, cancel).ConfigureAwait(false);
            }
            file.Position = 0;
            // Damage on the server's disk is no fault of the backup, which is as good as it can be.
            await BackupReader.ReadAsync(file, _ => Stream.Null, cancel).ConfigureAwait(false);
            var name = BackupPlace.NameOf(at);
            await place.KeepAsync(file, name, cancel).ConfigureAwait(false);
            Hosting.Log.BackupKept(log, place.Show(name), file.Length);
            await audit.NoteAsync(actor: null, AuditActions.BackupFinished, "server", detail: null, cancel).ConfigureAwait(false);
            return at;
        }
        finally
        {
            File.Delete(part);
        }
    }
}
