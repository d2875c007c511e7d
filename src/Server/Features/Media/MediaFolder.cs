using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>The files of stories, and files made from them. Every file whose name begins with a story's id belongs to that story.</summary>
internal sealed class MediaFolder(DataDirectory directory)
{
    private const int IdLength = 26;
    private readonly ConcurrentDictionary<string, bool> _arriving = new(StringComparer.Ordinal);

    // Stories that have ended, until their files are deleted. After a kill, the comparison of all files finds them.
    private readonly ConcurrentDictionary<string, bool> _left = new(StringComparer.Ordinal);

    /// <param name="id">Id of the story.</param>
    /// <param name="part">One of <see cref="StoryParts"/>; null for the story's main file.</param>
    public string PathOf(string id, string? part = null) => directory.MediaFile(NameOf(id, part));

    /// <summary>Name of the file, here and in a backup.</summary>
    public static string NameOf(string id, string? part) => part is null or StoryParts.After ? id : $"{id}.{part}";

    /// <summary>Raised with the id of a story whose files were deleted.</summary>
    public event Action<string>? Deleted;

    /// <summary>Returns the files that were made from a story's files; null while nobody knows yet. The cache of posters provides it.</summary>
    public Func<string, IReadOnlyCollection<string>?> DerivedOf { get; set; } = _ => null;

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

    private static bool IsOriginal(string name, string id) => name == id || StoryParts.All.Any(part => name == NameOf(id, part));

    /// <summary>
    /// Until the result is disposed, files of this id do not count as left-overs, although no row names them yet. A note on disk says so
    /// too, so that after a kill they are recognised as files of a post that was never answered.
    /// </summary>
    public Expected Expect(string id)
    {
        _arriving[id] = true;
        directory.MakeMediaFolder(id);
        PrivateFile.Open(NoteOf(id), FileMode.Create, FileShare.None).Dispose();
        return new Expected(this, id);
    }

    /// <summary>Whether a post with this id began and nobody noted its end.</summary>
    public bool WasArriving(string id) => !_arriving.ContainsKey(id) && File.Exists(NoteOf(id));

    /// <summary>Removes the notes of finished posts: their story is known, or their files are gone.</summary>
    public void ForgetArrived(Func<string, bool> isKnown)
    {
        foreach (var note in Directory.EnumerateFiles(directory.TemporaryPath, "*" + DataDirectory.ArrivingSuffix))
        {
            var id = Path.GetFileNameWithoutExtension(note);
            if (!_arriving.ContainsKey(id) && (isKnown(id) || !HasFiles(id)))
            {
                File.Delete(note);
            }
        }
    }

    private string NoteOf(string id) => Path.Combine(directory.TemporaryPath, id + DataDirectory.ArrivingSuffix);

    /// <summary>Deletes left-overs that were found.</summary>
    public void Remove(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            File.Delete(file);
            Deleted?.Invoke(IdOf(file));
        }
    }

    /// <summary>Size of a found file in bytes; 0 when it is gone.</summary>
    public static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Notes that a story has ended. If the request that ended it cannot delete its files, the sweeper does.</summary>
    public void Leave(string id) => _left[id] = true;

    /// <summary>Deletes the files of all stories that have ended. One that cannot be deleted does not keep the others.</summary>
    /// <returns>Number of stories whose files are gone.</returns>
    /// <exception cref="IOException">Some files could not be deleted. The next call tries them again.</exception>
    public int DeleteLeft(CancellationToken cancel)
    {
        var faults = new List<Exception>();
        var count = 0;
        foreach (var id in _left.Keys)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                Delete(id);
                count++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                faults.Add(e);
            }
        }
        return faults.Count == 0 ? count : throw faults[0];
    }

    /// <summary>Deletes a story's files and all files made from them. It knows their names, and so lists no folder.</summary>
    public void Delete(string id)
    {
        _left[id] = true;
        foreach (var part in StoryParts.All)
        {
            DeleteIfThere(PathOf(id, part));
        }
        // In this order: a poster that is stored meanwhile sees that its story's file is gone, or is among these.
        foreach (var file in DerivedOf(id) ?? [.. FilesOf(id)])
        {
            DeleteIfThere(file);
        }
        Deleted?.Invoke(id);
        _left.TryRemove(id, out _);
    }

    private static void DeleteIfThere(string path)
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

    private IEnumerable<string> FilesOf(string id) =>
        Path.GetDirectoryName(PathOf(id)) is { } folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, id + "*") : [];

    /// <summary>All files, in no order. The caller may take its time: a file that is there all the while is among them.</summary>
    public IEnumerable<string> All() => Directory.EnumerateFiles(directory.MediaPath, "*", SearchOption.AllDirectories);

    /// <summary>Files that belong to no story, whatever their name; derived files belong to their story.</summary>
    /// <param name="isKnown">Whether there is a story with this id.</param>
    /// <param name="cancel">Cancels between two files.</param>
    /// <param name="among">Files to look at; null for all.</param>
    public IEnumerable<string> FindLeftOvers(Func<string, bool> isKnown, CancellationToken cancel, IEnumerable<string>? among = null)
    {
        foreach (var file in among ?? All())
        {
            cancel.ThrowIfCancellationRequested();
            var id = IdOf(file);
            // In this order: a story stops arriving only after its row is visible.
            if (!_arriving.ContainsKey(id) && !isKnown(id) && File.Exists(file))
            {
                yield return file;
            }
        }
    }

    /// <summary>Files of interrupted posts: the post began, its end was not noted, and no row names the file.</summary>
    public IReadOnlyList<string> FindInterrupted(Func<string, bool> isKnown) =>
        [
            .. Directory
                .EnumerateFiles(directory.TemporaryPath, "*" + DataDirectory.ArrivingSuffix)
                .Select(note => Path.GetFileNameWithoutExtension(note)!)
                .Where(id => !_arriving.ContainsKey(id) && !isKnown(id))
                .SelectMany(FilesOf),
        ];

    /// <summary>Files named after a story's id in a place where no deletion looks for them.</summary>
    public IEnumerable<string> FindMisplaced(Func<string, bool> isKnown) =>
        Directory
            .EnumerateFiles(directory.MediaPath, "*", SearchOption.AllDirectories)
            .Where(file => IdOf(file) is var id && isKnown(id) && Path.GetDirectoryName(file) != Path.GetDirectoryName(PathOf(id)));

    /// <summary>Id of the story to which the file would belong.</summary>
    public static string IdOf(string file) => Path.GetFileName(file) is var name && name.Length > IdLength ? name[..IdLength] : name;

    internal sealed class Expected(MediaFolder folder, string id) : IDisposable
    {
        private bool _isSettled;

        /// <summary>Notes that the story was acknowledged, so its row is on disk.</summary>
        public void Settle() => _isSettled = true;

        public void Dispose()
        {
            // When it is in doubt whether the row exists, the note stays until the sweeper has seen the row or removed the files.
            if (_isSettled || !folder.HasFiles(id))
            {
                File.Delete(folder.NoteOf(id));
            }
            folder._arriving.TryRemove(id, out _);
        }
    }
}
