using System.Buffers.Binary;
using System.IO.Hashing;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>How much of a log, told by its salt, was on the disk.</summary>
internal readonly record struct SyncedLength(ulong Salt, long Frames);

/// <summary>
/// Notes beside the log how far it is on the disk, so that a log that was cut is told from one that ends there. A note is written after the
/// sync that it is about and not synced itself: it may lag behind after a power cut, and never says too much.
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

    /// <summary>What was noted last; nothing if that is not whole.</summary>
    public SyncedLength AtOpening { get; private init; }

    /// <summary>Whether a server that notes this was here before.</summary>
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

    /// <summary>Costs one small write and no wait. A disk that refuses it takes nothing from the log.</summary>
    public void Note(SyncedLength length)
    {
        try
        {
            Write(length);
        }
        catch (IOException)
        {
            // What it said before still holds.
        }
    }

    /// <summary>Before the log is cut: a note about more of it must not be found after a power cut.</summary>
    public void Forget()
    {
        // On a full disk even this note may have found no room.
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
