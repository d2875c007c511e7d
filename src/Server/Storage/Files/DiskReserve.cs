using StoriesCli.Posix;
using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Storage.Files;

/// <summary>
/// A file that reserves disk space for writes that must succeed on a full disk. Deletions and expiry write to the log, and the log goes into
/// the data file. It releases the space in steps, as needed, and takes it again once there is space.
/// </summary>
internal sealed class DiskReserve
{
    public const string FileName = "reserve";

    // A checkpoint of a full log grows the data file by at most 32 MiB. Deletions write 8 MiB of log before the next one.
    private const long MostBytes = 40L << 20;
    private const long StepBytes = 1L << 20;

    // A checkpoint rewrites the data file's checksums: twice 8 bytes per 8 KiB, so this is enough for 512 MiB.
    private const long ChecksumBytes = 1L << 20;

    // Less than this is not worth a system call.
    private const long LeastGain = 64 << 10;
    private const long LeastPages = 32;

    // A small disk should hold stories, not reserve.
    private const int ShareOfDisk = 8;
    private const int NoSpaceLeft = 28,
        QuotaExceeded = 122;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Func<long> _free;
    private long _held;
    private volatile bool _diskFull;

    /// <param name="path">Path of the reserve file.</param>
    /// <param name="diskBytes">Size of the whole disk, in bytes.</param>
    /// <param name="free">Returns the free bytes on the disk. Called each time.</param>
    public DiskReserve(string path, long diskBytes, Func<long> free)
    {
        (_path, _free) = (path, free);
        Bytes = Math.Min(MostBytes, diskBytes / ShareOfDisk);
        _held = File.Exists(path) ? Math.Min(Bytes, new FileInfo(path).Length) : 0;
    }

    /// <summary>Bytes that it should hold.</summary>
    public long Bytes { get; }

    /// <summary>Number of log pages that a checkpoint can move into the data file using only the reserve, beside 1 MiB of deletions.</summary>
    public long CheckpointPages => Math.Max(LeastPages, (Bytes - ChecksumBytes - StepBytes) / PageFrame.PageBytes);

    /// <summary>Bytes that it holds.</summary>
    public long HeldBytes => Volatile.Read(ref _held);

    /// <summary>Whether a write met a full disk, or the reserve found no space, and this still holds. Then make only writes that free space.</summary>
    public bool IsDiskFull => _diskFull;

    /// <summary>Whether the error says that the disk, or our part of it, is full.</summary>
    public static bool IsFullDiskError(Exception e) => e is IOException { HResult: NoSpaceLeft or QuotaExceeded };

    /// <summary>Notes that a write met a full disk, although no reserve had to be released for it.</summary>
    public void NoteDiskFull() => _diskFull = true;

    /// <summary>Releases one step.</summary>
    /// <returns>Whether there was anything to release, so that a retry makes sense.</returns>
    public bool GiveUp()
    {
        lock (_gate)
        {
            _diskFull = true;
            return TryShorten(StepBytes);
        }
    }

    /// <summary>Releases as much as a write of this many bytes needs, if the disk has fewer free.</summary>
    public void MakeRoomFor(long bytes)
    {
        lock (_gate)
        {
            if (bytes + ChecksumBytes - _free() is > 0 and var lack && TryShorten(lack))
                _diskFull = true;
        }
    }

    /// <summary>Fills the reserve, if the disk then still has half as much free. On a nearly full disk it would only come and go.</summary>
    /// <returns>Whether the reserve is complete, and the disk not full.</returns>
    public bool TryFill()
    {
        lock (_gate)
        {
            if (_held < Bytes && _free() >= Bytes - _held + (Bytes / 2))
                TryHold(Bytes);
            _diskFull = _held < Bytes || (_diskFull && _free() < Bytes / 2);
            return !_diskFull;
        }
    }

    /// <summary>On a full disk: takes back released space that was not needed, and space that deletions have freed, before other programs do.</summary>
    public void Regain()
    {
        if (!_diskFull)
            return;
        lock (_gate)
        {
            if (Math.Min(Bytes - _held, _free() - LeastGain) is >= LeastGain and var more)
                TryHold(_held + more);
        }
    }

    private bool TryShorten(long bytes)
    {
        if (_held == 0)
            return false;
        try
        {
            var left = Math.Max(0, _held - bytes);
            // The host may have deleted it to free space.
            if (File.Exists(_path))
            {
                using var file = PrivateFile.Open(_path, FileMode.OpenOrCreate, FileShare.ReadWrite);
                file.SetLength(left);
            }
            _held = left;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void TryHold(long bytes)
    {
        try
        {
            using var file = PrivateFile.Open(_path, FileMode.OpenOrCreate, FileShare.ReadWrite);
            // Setting a length reserves nothing: the file would be sparse.
            if (Libc.Allocate((int)file.SafeFileHandle.DangerousGetHandle(), 0, bytes) is not 0 and var error)
                throw new IOException($"The reserve could not be held: error {error}", error);
            _held = bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A partial reserve is not reliable, but what it holds can be released.
            _held = File.Exists(_path) ? Math.Min(Bytes, new FileInfo(_path).Length) : 0;
        }
    }
}
