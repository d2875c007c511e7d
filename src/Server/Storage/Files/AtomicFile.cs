using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Files;

/// <summary>Replaces whole files: after a crash the file has the old content or the new, never a mix.</summary>
internal static class AtomicFile
{
    public const string NewSuffix = ".new";

    /// <summary>Writes a small file that only the server's account can read. On return it is on disk.</summary>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>As <see cref="WriteAllText"/>.</summary>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + NewSuffix;
        File.Delete(temporary);
        try
        {
            using var file = PrivateFile.Open(temporary, FileMode.CreateNew, FileShare.None);
            file.Write(bytes);
            Place(file, path);
        }
        catch (Exception e) when (FileSizeSignal.IsCauseOf(e))
        {
            throw FileSizeSignal.Explain();
        }
    }

    /// <summary>Copies a file that nothing writes to meanwhile.</summary>
    /// <param name="source">The file.</param>
    /// <param name="path">Path of the copy.</param>
    /// <param name="told">What a host at a terminal is told of it while it is copied; null for nothing.</param>
    public static void Copy(string source, string path, string? told = null)
    {
        var temporary = path + NewSuffix;
        File.Delete(temporary);
        using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var file = PrivateFile.Open(temporary, FileMode.CreateNew, FileShare.None);
        using var progress = told is null ? null : ProgressLine.Start(told, () => from.Position, from.Length);
        from.CopyTo(file);
        Place(file, path);
    }

    /// <summary>Syncs the content, then the name, then the folder that holds the name.</summary>
    public static void Place(FileStream temporary, string path)
    {
        temporary.Flush(flushToDisk: true);
        File.Move(temporary.Name, path, overwrite: true);
        Folder.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
