using System.Runtime.InteropServices;
using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Storage.Files;

/// <summary>
/// Room on the disk that is held by a file, for what must go on when the disk is full: deletions and expiry write to the log, and the log into
/// the data file. It is given up in steps, as much as is needed, and filled again once there is room.
/// </summary>
internal sealed partial class DiskReserve
{
    public const string FileName = "reserve";

    // A checkpoint of a log of full length makes the data file grow by 32 MiB at the most; deletions write 8 MiB of log before the next one.
    private const long MostBytes = 40L << 20;
    private const long StepBytes = 1L << 20;

    // A checkpoint saves the checksums of the data file anew: twice 8 bytes for each 8 KiB, so this is enough for half a gigabyte.
    private const long ChecksumBytes = 1L << 20;

    // Less than this is not worth a call.
    private const long LeastGain = 64 << 10;
    private const long LeastPages = 32;

    // A small disk should hold stories, not room for them.
    private const int ShareOfDisk = 8;
    private const int NoSpaceLeft = 28,
        QuotaExceeded = 122;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Func<long> _free;
    private long _held;
    private volatile bool _diskFull;

    /// <param name="path">Of its file.</param>
    /// <param name="diskBytes">Size of the whole disk, in bytes.</param>
    /// <param name="free">Bytes that the disk has left for us, asked each time.</param>
    public DiskReserve(string path, long diskBytes, Func<long> free)
    {
        (_path, _free) = (path, free);
        Bytes = Math.Min(MostBytes, diskBytes / ShareOfDisk);
        _held = File.Exists(path) ? Math.Min(Bytes, new FileInfo(path).Length) : 0;
    }

    /// <summary>How much it should hold.</summary>
    public long Bytes { get; }

    /// <summary>How many pages of log a checkpoint can bring into the data file with the reserve alone, beside a mebibyte of deletions.</summary>
    public long CheckpointPages => Math.Max(LeastPages, (Bytes - ChecksumBytes - StepBytes) / PageFrame.PageBytes);

    /// <summary>How much it holds, in bytes.</summary>
    public long HeldBytes => Volatile.Read(ref _held);

    /// <summary>Whether a write met a full disk, or the reserve found no room, and that has not changed since. Only what frees room should be written.</summary>
    public bool IsDiskFull => _diskFull;

    /// <summary>Whether an error says that the disk, or our part of it, is full.</summary>
    public static bool IsFullDiskError(Exception e) => e is IOException { HResult: NoSpaceLeft or QuotaExceeded };

    /// <summary>Says that a write met a full disk, though nothing had to be freed for it.</summary>
    public void NoteDiskFull() => _diskFull = true;

    /// <summary>Frees one step.</summary>
    /// <returns>Whether there was anything to free, so that trying again makes sense.</returns>
    public bool GiveUp()
    {
        lock (_gate)
        {
            _diskFull = true;
            return TryShorten(StepBytes);
        }
    }

    /// <summary>Frees as much as a write of this many bytes needs, if the disk has less than that.</summary>
    public void MakeRoomFor(long bytes)
    {
        lock (_gate)
        {
            if (bytes + ChecksumBytes - _free() is > 0 and var lack && TryShorten(lack))
                _diskFull = true;
        }
    }

    /// <summary>Fills it up, if afterwards the disk still has half as much left: on a disk that is nearly full it would only come and go.</summary>
    /// <returns>Whether it is whole, and the disk not full.</returns>
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

    /// <summary>On a full disk: takes back what was given up and not needed, and what deletions have freed since, before somebody else does.</summary>
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
            // A host who is out of room may have removed it.
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
            // A length alone holds nothing: the file would be a hole.
            if (!OperatingSystem.IsLinux())
                FillWithZeros(file, bytes);
            else if (Allocate((int)file.SafeFileHandle.DangerousGetHandle(), 0, bytes) is not 0 and var error)
                throw new IOException($"The reserve could not be held: error {error}", error);
            _held = bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Half a reserve is none to rely on, but whatever it holds can be given up.
            _held = File.Exists(_path) ? Math.Min(Bytes, new FileInfo(_path).Length) : 0;
        }
    }

    private static void FillWithZeros(FileStream file, long bytes)
    {
        var zeros = new byte[1 << 20];
        for (var at = 0L; at < bytes; at += zeros.Length)
            RandomAccess.Write(file.SafeFileHandle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytes - at)), at);
    }

    // Writes a byte a block where the file system knows no shorter way.
    [LibraryImport("libc", EntryPoint = "posix_fallocate64")]
    private static partial int Allocate(int descriptor, long offset, long bytes);
}
