using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Hosting;

/// <summary>Watches the disk's free space: refills the reserve once there is space, and logs when the disk becomes too full and when it recovers.</summary>
internal sealed class DiskMonitor(DataDirectory directory, ServerOptions options, TimeProvider time, ILogger<DiskMonitor> log)
    : PeriodicWork(Interval, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // A commit or a small upload needs this much, so less counts as full.
    private const long FullBelowBytes = 1 << 20;

    private readonly Lock _gate = new();
    private bool _wasFull,
        _wasBelowFloor;

    /// <summary>What is wrong with the disk now, as the end of a sentence about it; null when nothing is.</summary>
    public string? FindFault()
    {
        Look();
        var (free, reserve) = (directory.FreeBytes, directory.Reserve);
        return reserve.IsDiskFull
                ? $"is full: it has {free:N0} bytes free, and {reserve.HeldBytes:N0} of {reserve.Bytes:N0} reserved bytes are left; only deletions are taken"
            : free < options.DiskFloorBytes ? $"has {free:N0} bytes free, and the floor is {options.DiskFloorBytes:N0}"
            : null;
    }

    private void Look()
    {
        lock (_gate)
        {
            var (free, reserve) = (directory.FreeBytes, directory.Reserve);
            if (free < FullBelowBytes)
            {
                reserve.NoteDiskFull();
            }
            if (reserve.IsDiskFull)
            {
                reserve.Regain();
                reserve.TryFill();
            }
            TellOfChange(
                ref _wasFull,
                reserve.IsDiskFull,
                () => Log.DiskFull(log, directory.Path, reserve.HeldBytes, reserve.Bytes),
                () => Log.DiskHasRoom(log, directory.Path, directory.FreeBytes)
            );
            TellOfChange(
                ref _wasBelowFloor,
                free < options.DiskFloorBytes,
                () => Log.BelowFloor(log, directory.Path, free, options.DiskFloorBytes),
                () => Log.AboveFloor(log, directory.Path, free, options.DiskFloorBytes)
            );
        }
    }

    private static void TellOfChange(ref bool was, bool isNow, Action begins, Action ends)
    {
        if (isNow != was)
        {
            was = isNow;
            (isNow ? begins : ends)();
        }
    }

    protected override Task WorkAsync(CancellationToken cancel)
    {
        try
        {
            Look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that cannot be queried shows up in other operations.
        }
        return Task.CompletedTask;
    }
}
