using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>The files of stories, and files made from them. Every file whose name begins with a story's id belongs to that story.</summary>
internal sealed class MediaFolder(DataDirectory directory)
{
    private const int IdLength = 26;
    private const string GrowingSuffix = ".live";

    /// <param name="id">Id of the story.</param>
    /// <param name="part">One of <see cref="StoryParts"/>; null for the story's main file.</param>
    public string PathOf(string id, string? part = null) => directory.MediaFile(NameOf(id, part));

    /// <summary>Path of the file of a live story. If the folder otherwise has only copies, the name distinguishes this file: nothing else has its bytes.</summary>
    public string GrowingPathOf(string id) => directory.HoldsCopies ? PathOf(id) + GrowingSuffix : PathOf(id);

    /// <summary>Name of the file, here, in a bucket and in a backup.</summary>
    public static string NameOf(string id, string? part) => part is null or StoryParts.After ? id : $"{id}.{part}";

    /// <summary>Whether the files are in a bucket, and here are copies of some.</summary>
    public bool HoldsCopies => directory.HoldsCopies;

    /// <summary>Raised with the id of a story whose files were deleted.</summary>
    public event Action<string>? Deleted;

    /// <summary>Returns the files that were made from a story's files; null while nobody knows yet. The cache of posters provides it.</summary>
    public Func<string, IReadOnlyCollection<string>?> DerivedOf { get; set; } = _ => null;

    /// <summary>Whether a story has ended, so that nothing made from its file may stay. If the folder has all files, a missing file means that.</summary>
    public Func<string, bool>? HasEnded { get; set; }

    /// <summary>Whether a story has ended, so that nothing made from its file may stay.</summary>
    public bool IsEnded(string id) => HasEnded?.Invoke(id) ?? !Has(id, part: null);

    /// <summary>Stores a derived file beside the story's file. It can be made again, so it may get lost in a crash, but is never incomplete.</summary>
    public void KeepDerived(string id, string suffix, byte[] content)
    {
        var temporary = Path.Combine(directory.TemporaryPath, Guid.NewGuid().ToString("N"));
        try
        {
            using (var file = PrivateFile.Open(temporary, FileMode.CreateNew, FileShare.None))
            {
                file.Write(content);
            }
            File.Move(temporary, PathOfDerived(id, suffix), overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public bool HasDerived(string id, string suffix) => File.Exists(PathOfDerived(id, suffix));

    public string PathOfDerived(string id, string suffix) => PathOf(id) + "." + suffix;

    /// <returns>Null when the file does not exist.</returns>
    public SafeFileHandle? TryOpen(string id, string? part = null)
    {
        try
        {
            return File.OpenHandle(
                PathOf(id, part),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                FileOptions.SequentialScan
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Length and last write time of a story's file, by the file system; -1 bytes when it is missing.</summary>
    public (long Bytes, DateTimeOffset ModifiedAt) Look(string id, string? part) =>
        new FileInfo(PathOf(id, part)) is { Exists: true } file ? (file.Length, new(file.LastWriteTimeUtc)) : (-1, default);

    /// <summary>Deletes the files made from a story's files. They can be made again.</summary>
    public void DeleteDerived(string id)
    {
        foreach (var file in FilesOf(id).Where(file => !IsOriginal(Path.GetFileName(file), id)))
        {
            File.Delete(file);
        }
    }

    private static bool IsOriginal(string name, string id) =>
        name == id || name == id + GrowingSuffix || StoryParts.All.Any(part => name == NameOf(id, part));

    /// <summary>Deletes a left-over that was found.</summary>
    public void Remove(string file)
    {
        File.Delete(file);
        NoteDeleted(IdOf(file));
    }

    /// <summary>Says that a file of this story was deleted.</summary>
    public void NoteDeleted(string id) => Deleted?.Invoke(id);

    /// <summary>Size of a found file in bytes; 0 when it is gone.</summary>
    public static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Deletes a story's files and all files made from them. It knows their names, and so lists no folder.</summary>
    public void Delete(string id)
    {
        foreach (var part in StoryParts.All)
        {
            DeleteIfThere(PathOf(id, part));
        }
        if (directory.HoldsCopies)
        {
            DeleteIfThere(GrowingPathOf(id));
        }
        // In this order: a poster that is stored meanwhile sees that its story's file is gone, or is among these.
        foreach (var file in DerivedOf(id) ?? [.. FilesOf(id)])
        {
            DeleteIfThere(file);
        }
        Deleted?.Invoke(id);
    }

    /// <summary>Deletes one file, which may be missing.</summary>
    public static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody removed the whole folder.
        }
    }

    /// <summary>Whether one of a story's own files exists.</summary>
    public bool Has(string id, string? part) => File.Exists(PathOf(id, part));

    /// <summary>Whether any file of a story is still on disk.</summary>
    public bool HasFiles(string id) => FilesOf(id).Any();

    /// <summary>All files of a story, those that were made from others included.</summary>
    public IEnumerable<string> FilesOf(string id) =>
        Path.GetDirectoryName(PathOf(id)) is { } folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, id + "*") : [];

    /// <summary>All files, in no order. The caller may take its time: a file that is there all the while is among them.</summary>
    public IEnumerable<string> All() => Directory.EnumerateFiles(directory.MediaPath, "*", SearchOption.AllDirectories);

    /// <summary>Files named after a story's id in a place where no deletion looks for them.</summary>
    public IEnumerable<string> FindMisplaced(Func<string, bool> isKnown) =>
        Directory
            .EnumerateFiles(directory.MediaPath, "*", SearchOption.AllDirectories)
            .Where(file => IdOf(file) is var id && isKnown(id) && Path.GetDirectoryName(file) != Path.GetDirectoryName(PathOf(id)));

    /// <summary>Id of the story to which the file would belong.</summary>
    public static string IdOf(string file) => Path.GetFileName(file) is var name && name.Length > IdLength ? name[..IdLength] : name;
}
