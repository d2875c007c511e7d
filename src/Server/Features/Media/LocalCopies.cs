namespace StoriesCli.Server.Features.Media;

/// <summary>Counts the copies of a bucket's files that are in the media folder. The least recently used go first, and none that is in use.</summary>
internal sealed class LocalCopies(long bytesMaximum)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Copy>> _copies = new(StringComparer.Ordinal);

    // Least recently used first.
    private readonly LinkedList<Copy> _byUse = new();
    private long _bytes;

    private sealed class Copy(string name, string path, long bytes)
    {
        public string Name => name;
        public string Path => path;
        public long Bytes => bytes;
        public int Users { get; set; }
    }

    /// <summary>Bytes of all copies, and of those that are being made.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Notes that a copy is used.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Touch(string name) => Use(name, users: 0);

    /// <summary>Keeps a copy until <see cref="Release"/>.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Hold(string name) => Use(name, users: 1);

    public void Release(string name) => Use(name, users: -1);

    /// <summary>Makes room for a copy that is about to be made, and counts its bytes.</summary>
    /// <param name="bytes">Its bytes.</param>
    public void Reserve(long bytes)
    {
        var evicted = new List<Copy>();
        lock (_gate)
        {
            _bytes += bytes;
            for (var node = _byUse.First; node is not null && _bytes > bytesMaximum; )
            {
                var next = node.Next;
                if (node.Value.Users == 0)
                {
                    Remove(node);
                    evicted.Add(node.Value);
                }
                node = next;
            }
        }
        // A reader already has the file open.
        evicted.ForEach(copy => MediaFolder.DeleteIfThere(copy.Path));
    }

    /// <summary>The copy that room was made for is not there.</summary>
    public void GiveUp(long bytes)
    {
        lock (_gate)
        {
            _bytes -= bytes;
        }
    }

    /// <summary>The copy that room was made for is there.</summary>
    public void Add(string name, string path, long bytes)
    {
        lock (_gate)
        {
            if (_copies.TryGetValue(name, out var known))
            {
                Remove(known);
            }
            _copies[name] = _byUse.AddLast(new Copy(name, path, bytes));
        }
    }

    /// <summary>Forgets copies that somebody has deleted.</summary>
    public void Forget(IEnumerable<string> names)
    {
        lock (_gate)
        {
            foreach (var name in names)
            {
                if (_copies.TryGetValue(name, out var known))
                {
                    Remove(known);
                }
            }
        }
    }

    private bool Use(string name, int users)
    {
        lock (_gate)
        {
            if (!_copies.TryGetValue(name, out var node))
            {
                return false;
            }
            node.Value.Users = Math.Max(0, node.Value.Users + users);
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return true;
        }
    }

    private void Remove(LinkedListNode<Copy> node)
    {
        _byUse.Remove(node);
        _copies.Remove(node.Value.Name);
        _bytes -= node.Value.Bytes;
    }
}
