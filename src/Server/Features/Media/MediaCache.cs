namespace StoriesCli.Server.Features.Media;

/// <summary>A file as it was read: of a small one the bytes, of a large one only their checksum.</summary>
/// <param name="Content">All bytes of a small file; null for a large one.</param>
/// <param name="Checksum">Checksum of the bytes of a large file, which had the right SHA-256.</param>
/// <param name="Tag">ETag of a poster, with its quotation marks.</param>
internal sealed record CachedFile(byte[]? Content, UInt128 Checksum = default, string? Tag = null);

/// <summary>
/// Small files in memory, and checksums of large ones, so that an answer need not read and hash them again. The least recently used go first.
/// An entry holds only while its file has the length and the time of its last write that it had when it was read.
/// </summary>
/// <remarks>It does not know who may see a story: callers check that first. The files of a story that ended leave with it.</remarks>
internal sealed class MediaCache
{
    /// <summary>Larger files are not held in memory.</summary>
    public const int LargestBytes = 1 << 20;

    // Memory of the lists around an entry.
    private const int EntryCost = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<LinkedListNode<Entry>>> _ofStories = new(StringComparer.Ordinal);

    // Least recently used first.
    private readonly LinkedList<Entry> _byUse = new();
    private readonly long _bytesMaximum;
    private long _bytes;

    private sealed record Entry(string Id, string? Name, string Path, FileStamp Stamp, CachedFile File)
    {
        public int Cost => (File.Content?.Length ?? 0) + EntryCost;
    }

    /// <param name="folder">The files.</param>
    /// <param name="bytesMaximum">Most bytes of all entries.</param>
    public MediaCache(MediaFolder folder, long bytesMaximum = 16 << 20)
    {
        _bytesMaximum = bytesMaximum;
        folder.Deleted += Forget;
    }

    /// <summary>Bytes that all entries take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <param name="id">Id of the story.</param>
    /// <param name="name">Part of the story, or suffix of a file made from it; null for the story's main file.</param>
    /// <returns>Null when there is no entry, or the file has changed since.</returns>
    public CachedFile? Find(string id, string? name)
    {
        Entry found;
        lock (_gate)
        {
            if (Locate(id, name) is not { } node)
                return null;
            _byUse.Remove(node);
            _byUse.AddLast(node);
            found = node.Value;
        }
        return FileStamp.Of(found.Path) == found.Stamp ? found.File : null;
    }

    /// <summary>Remembers a file.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="name">As for <see cref="Find"/>.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="stamp">Of the file, from before it was read.</param>
    /// <param name="file">What was read.</param>
    public void Keep(string id, string? name, string path, FileStamp stamp, CachedFile file)
    {
        lock (_gate)
        {
            if (Locate(id, name) is { } known)
                Remove(known);
            var node = _byUse.AddLast(new Entry(id, name, path, stamp, file));
            if (!_ofStories.TryGetValue(id, out var ofStory))
                _ofStories[id] = ofStory = [];
            ofStory.Add(node);
            _bytes += node.Value.Cost;
            while (_bytes > _bytesMaximum && _byUse.First is { } first)
                Remove(first);
        }
        // In this order: a story that ends now either finds the entry, or leaves no file.
        if (FileStamp.Of(path) is null)
            Forget(id);
    }

    /// <summary>Removes all that is known of a story's files.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            foreach (var node in _ofStories.GetValueOrDefault(id)?.ToArray() ?? [])
                Remove(node);
        }
    }

    private LinkedListNode<Entry>? Locate(string id, string? name) =>
        _ofStories.TryGetValue(id, out var ofStory) ? ofStory.Find(node => node.Value.Name == name) : null;

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _bytes -= node.Value.Cost;
        if (_ofStories.TryGetValue(node.Value.Id, out var ofStory) && ofStory.Remove(node) && ofStory.Count == 0)
            _ofStories.Remove(node.Value.Id);
    }
}
