using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>A poster as it is sent.</summary>
/// <param name="Content">The image.</param>
/// <param name="Tag">Its ETag, with quotation marks.</param>
internal sealed record Poster(byte[] Content, string Tag)
{
    public static Poster Of(byte[] content) => new(content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
}

/// <summary>Posters and video frames, stored beside the media. Limited per story and in total; the least recently used go first. All can be made again.</summary>
/// <remarks>After the start it counts existing files, and deletes posters from older servers, which made one for every requested size.</remarks>
internal sealed partial class PosterCache(
    DataDirectory directory,
    MediaFolder folder,
    MediaCache memory,
    ServerOptions options,
    ILogger<PosterCache> log,
    long totalBytes = PosterCache.TotalBytes
) : BackgroundService
{
    /// <summary>Most poster files of one story.</summary>
    public const int FilesOfAStory = 8;

    /// <summary>Most bytes of all stories' posters.</summary>
    public const long TotalBytes = 256L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LinkedListNode<Kept>>> _ofStories = new(StringComparer.Ordinal);

    // Least recently used first.
    private readonly LinkedList<Kept> _byUse = new();
    private bool _isCounted;
    private long _bytes;

    private sealed record Kept(string Id, string Path, long Bytes);

    /// <summary>Bytes that are stored now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Null when it is not stored.</summary>
    public Poster? TryRead(string id, string suffix)
    {
        var path = folder.PathOfDerived(id, suffix);
        if (memory.Find(id, suffix) is { Content: { } content, Tag: { } tag })
        {
            Note(id, path, content.Length);
            return new(content, tag);
        }
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.Read | FileShare.Delete);
            var stamp = FileStamp.Of(file);
            var read = new byte[stamp.Bytes];
            if (RandomAccess.Read(file, read, 0) < read.Length)
                return null;
            var poster = Poster.Of(read);
            memory.Keep(id, suffix, path, stamp, new(read, Tag: poster.Tag));
            Note(id, path, read.Length);
            return poster;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Stores a file. If the disk has too little space, first deletes other derived files and then stores only if <paramref name="always"/>.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="suffix">Suffix of the file name, after the story's id.</param>
    /// <param name="content">Content of the file.</param>
    /// <param name="always">Whether to store it in any case, because a program needs it as a file.</param>
    public void Keep(string id, string suffix, byte[] content, bool always = false)
    {
        var missing = options.DiskFloorBytes + content.Length - directory.FreeBytes;
        if (missing > 0)
        {
            Free(missing);
            if (!always)
                return;
        }
        try
        {
            folder.KeepDerived(id, suffix, content);
        }
        catch (IOException e) when (!always && DiskReserve.IsFullDiskError(e))
        {
            return;
        }
        Note(id, folder.PathOfDerived(id, suffix), content.Length);
        // Its story may have ended while the image was made.
        if (folder.IsEnded(id))
            folder.Delete(id);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(
            () => CountWhatIsThere(stoppingToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        folder.Deleted += Forget;
        folder.DerivedOf = FilesOf;
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Counts the files of earlier runs.</summary>
    private void CountWhatIsThere(CancellationToken cancel)
    {
        var before = new List<(FileInfo File, string Id)>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(directory.MediaPath, "*.*", SearchOption.AllDirectories))
            {
                if (cancel.IsCancellationRequested)
                    return;
                if (OldName().IsMatch(Path.GetFileName(path)))
                    File.Delete(path);
                else if (Name().Match(Path.GetFileName(path)) is { Success: true } name)
                    before.Add((new(path), name.Groups[1].Value));
            }
            foreach (var (file, id) in before.Where(it => it.File.Exists).OrderByDescending(it => it.File.LastWriteTimeUtc))
                Note(id, file.FullName, file.Length, isOld: true);
            Volatile.Write(ref _isCounted, true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.PostersNotCounted(log, e.Message);
        }
    }

    private void Note(string id, string path, long bytes, bool isOld = false)
    {
        var evicted = new List<Kept>();
        lock (_gate)
        {
            var known = _files.GetValueOrDefault(path);
            if (known is not null && isOld)
                return;
            if (known is not null)
                Remove(known);
            var node = new LinkedListNode<Kept>(new(id, path, bytes));
            if (isOld)
                _byUse.AddFirst(node);
            else
                _byUse.AddLast(node);
            _files[path] = node;
            if (!_ofStories.TryGetValue(id, out var ofStory))
                _ofStories[id] = ofStory = [];
            ofStory.Insert(isOld ? 0 : ofStory.Count, node);
            _bytes += bytes;
            while (ofStory.Count > FilesOfAStory)
                Evict(ofStory[0], evicted);
            while (_bytes > totalBytes && _byUse.First is { } first && first != node)
                Evict(first, evicted);
        }
        Delete(evicted);
    }

    private void Free(long bytes)
    {
        var evicted = new List<Kept>();
        lock (_gate)
        {
            for (var wanted = Math.Max(0, _bytes - bytes); _bytes > wanted && _byUse.First is { } first; )
                Evict(first, evicted);
        }
        Delete(evicted);
    }

    /// <summary>Files of a story; null until the files of earlier runs are counted.</summary>
    private string[]? FilesOf(string id)
    {
        if (!Volatile.Read(ref _isCounted))
            return null;
        lock (_gate)
            return _ofStories.TryGetValue(id, out var ofStory) ? [.. ofStory.Select(node => node.Value.Path)] : [];
    }

    private void Forget(string id)
    {
        lock (_gate)
        {
            foreach (var node in _ofStories.GetValueOrDefault(id)?.ToArray() ?? [])
                Remove(node);
        }
    }

    private void Evict(LinkedListNode<Kept> node, List<Kept> evicted)
    {
        Remove(node);
        evicted.Add(node.Value);
    }

    private void Remove(LinkedListNode<Kept> node)
    {
        var (id, path, bytes) = (node.Value.Id, node.Value.Path, node.Value.Bytes);
        _byUse.Remove(node);
        _files.Remove(path);
        _bytes -= bytes;
        if (_ofStories.TryGetValue(id, out var ofStory) && ofStory.Remove(node) && ofStory.Count == 0)
            _ofStories.Remove(id);
    }

    // Current readers of a file have it open already.
    private static void Delete(List<Kept> files)
    {
        foreach (var file in files)
            File.Delete(file.Path);
    }

    /// <summary>Suffix of the file name, after the story's id.</summary>
    /// <param name="part">Part of the story; null for the story's main file.</param>
    /// <param name="side">Length of the longer side in pixels, one of the fixed sizes.</param>
    /// <param name="format">Image format.</param>
    public static string SuffixOf(string? part, int side, PosterFormat format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(part is null or Contracts.StoryParts.After ? "" : part + ".")}p{side}.{(format == PosterFormat.Png ? "png" : "jpg")}"
        );

    [GeneratedRegex(@"^([0-9A-Za-z]{26})\.(?:(?:before|difference)\.)?(?:p\d+\.(?:jpg|png)|picture\.jpg)$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[0-9A-Za-z]{26}\.(?:(?:before|difference)\.)?\d+x\d+\.(?:jpg|png)$", RegexOptions.CultureInvariant)]
    private static partial Regex OldName();
}
