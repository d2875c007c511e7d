using System.Buffers.Binary;
using System.IO.Hashing;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>How many frames of the log with this salt were on disk.</summary>
internal readonly record struct SyncedLength(ulong Salt, long Frames);

/// <summary>
/// Notes beside the log how far it is on disk, to tell a log that was cut from one that ends there. A note is written after its
/// sync and is not synced itself. After a power cut it may be too low, but never too high.
/// </summary>
internal sealed class SyncMark : IDisposable
{
    public const string FileName = "stories.synced";

    private const int Bytes = 24,
        FramesAt = 8,
        HashAt = 16;

    private readonly FileStream _file;
    private readonly byte[] _bytes = new byte[Bytes];

    private SyncMark(FileStream file) => _file = file;

    /// <summary>The note found at opening; empty if it is damaged.</summary>
    public SyncedLength AtOpening { get; private init; }

    /// <summary>Whether a server that writes these notes ran here before.</summary>
    public bool WasThere { get; private init; }

    public static SyncMark Open(string path)
    {
        var wasThere = File.Exists(path);
        var file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.Read);
        var bytes = new byte[Bytes];
        var whole =
            file.ReadAtLeast(bytes, Bytes, throwOnEndOfStream: false) == Bytes
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(HashAt)) == XxHash3.HashToUInt64(bytes.AsSpan(0, HashAt));
        return new SyncMark(file)
        {
            WasThere = wasThere,
            AtOpening = whole
                ? new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(FramesAt)))
                : default,
        };
    }

    /// <summary>Costs one small write and no wait. If the disk refuses it, the log is not affected.</summary>
    public void Note(SyncedLength length)
    {
        try
        {
            Write(length);
        }
        catch (IOException)
        {
            // The previous note still holds.
        }
    }

    /// <summary>Call before cutting the log: after a power cut no note may claim more than the log has.</summary>
    public void Forget()
    {
        // On a full disk there may have been no space even for this note.
        if (RandomAccess.GetLength(_file.SafeFileHandle) == 0)
            return;
        Write(default);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    public void Dispose() => _file.Dispose();

    private void Write(SyncedLength length)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes, length.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(FramesAt), length.Frames);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(HashAt), XxHash3.HashToUInt64(_bytes.AsSpan(0, HashAt)));
        RandomAccess.Write(_file.SafeFileHandle, _bytes, 0);
    }
}
