using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Files;

/// <summary>A file that only grows. What was appended is on the disk when <see cref="Append"/> returns. Not thread-safe.</summary>
internal sealed class GrowingFile : IDisposable
{
    private const int HashBytes = 256 * 1024;

    private readonly FileStream _file;

    private GrowingFile(FileStream file) => (_file, Bytes) = (file, file.Length);

    public long Bytes { get; private set; }

    public SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>Opens the file, or makes it. Its folder must exist.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="head">What a new file begins with.</param>
    public static GrowingFile Open(string path, ReadOnlySpan<byte> head)
    {
        var isNew = !File.Exists(path);
        var file = new GrowingFile(PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.Read | FileShare.Delete));
        try
        {
            if (file.Bytes < head.Length)
            {
                file.CutAt(0);
                file.Append(head);
            }
            if (isNew)
            {
                Folder.Sync(Path.GetDirectoryName(path)!);
            }
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends bytes and flushes them to the disk. If that fails, the file is as before.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(Handle, bytes, Bytes);
            RandomAccess.FlushToDisk(Handle);
        }
        catch (Exception e)
        {
            CutAt(Bytes);
            if (FileSizeSignal.IsCauseOf(e))
            {
                throw FileSizeSignal.Explain();
            }
            throw;
        }
        Bytes += bytes.Length;
    }

    /// <summary>Lets go of everything behind this place.</summary>
    public void CutAt(long bytes)
    {
        _file.SetLength(bytes);
        Bytes = bytes;
    }

    /// <summary>What it has from a place on, at most as many bytes.</summary>
    public byte[] Read(long offset, int most)
    {
        var bytes = new byte[Math.Min(most, Bytes - offset)];
        var filled = 0;
        for (int read; (read = RandomAccess.Read(Handle, bytes.AsSpan(filled), offset + filled)) > 0; filled += read) { }
        return filled == bytes.Length ? bytes : throw new IOException($"'{_file.Name}' is shorter than it was.");
    }

    public byte[] GetSha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var offset = 0L; offset < Bytes; )
        {
            var bytes = Read(offset, HashBytes);
            hash.AppendData(bytes);
            offset += bytes.Length;
        }
        return hash.GetHashAndReset();
    }

    public void Dispose() => _file.Dispose();
}
