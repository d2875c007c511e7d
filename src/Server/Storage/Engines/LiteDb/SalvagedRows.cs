using LiteDB;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>What can be read from a data file with damaged pages: every row on undamaged pages, and the names of the lost rows.</summary>
/// <param name="Rows">The undamaged rows, read lazily.</param>
/// <param name="Lost">Collection and id of each lost row.</param>
internal sealed record SalvagedRows(
    IEnumerable<(string Collection, BsonDocument Document)> Rows,
    IReadOnlyList<(string Collection, string Id)> Lost
)
{
    // With more damaged pages than this, the file is not damaged but another file.
    private const int DamagedPagesAlways = 16;
    private const int DamagedShare = 4;

    /// <summary>Reads pages and ignores the engine's links between them, so that damage cannot mislead it.</summary>
    /// <exception cref="DataDirectoryException">Too much is lost to name the lost rows.</exception>
    public static SalvagedRows Read(PageSource pages, string path)
    {
        if (pages.Damaged.Contains(0))
            throw Refuse(path, "its first page is damaged, which names everything else in it");
        if (pages.Damaged.Count > Math.Max(DamagedPagesAlways, pages.Count / DamagedShare))
            throw Refuse(path, $"{pages.Damaged.Count:N0} of its {pages.Count:N0} pages are not what was written there");
        var lostTypes = pages.Damaged.Select(pages.TypeOf).ToHashSet();
        if (lostTypes.Contains(PageType.Data) && lostTypes.Contains(PageType.Index))
            throw Refuse(path, "pages of rows and pages of their index are damaged, so that nobody can say which rows are lost");

        var names = PageLayout.Collections(pages.Find(0)!);
        return new(Documents(pages, names), lostTypes.Contains(PageType.Data) ? FindLost(pages, names) : []);
    }

    public static DataDirectoryException Refuse(string path, string why) =>
        new(
            $"The database '{path}' is damaged: {why}. The server does not start on it. Check the disk, then restore a backup: "
                + $"stories-server restore FILE --data NEWDIR. If you put this file there yourself, delete {PageSums.FileName} beside it."
        );

    private static IEnumerable<(string Collection, BsonDocument Document)> Documents(
        PageSource pages,
        IReadOnlyDictionary<uint, string> names
    )
    {
        for (var i = 0L; i < pages.Count; i++)
        {
            if (pages.Find(i) is not { } page || PageLayout.TypeOf(page) != PageType.Data)
                continue;
            if (!names.TryGetValue(PageLayout.CollectionOf(page), out var name))
                continue;
            foreach (var (_, first) in PageLayout.Parts(page).Where(it => it.Part.IsFirst).ToList())
                if (Assemble(pages, first) is { } document)
                    yield return (name, document);
        }
    }

    private static List<(string Collection, string Id)> FindLost(PageSource pages, IReadOnlyDictionary<uint, string> names)
    {
        var lost = new List<(string Collection, string Id)>();
        for (var i = 0L; i < pages.Count; i++)
        {
            if (pages.Find(i) is not { } page || PageLayout.TypeOf(page) != PageType.Index)
                continue;
            if (!names.TryGetValue(PageLayout.CollectionOf(page), out var name))
                continue;
            foreach (var entry in PageLayout.Ids(page))
                if (Part(pages, entry.Page, entry.Item) is not { } first || Assemble(pages, first) is null)
                    lost.Add((name, entry.Id));
        }
        return lost;
    }

    private static BsonDocument? Assemble(PageSource pages, DocumentPart first) =>
        BytesOf(pages, first) is { } bytes ? BsonSerializer.Deserialize(bytes.ToArray()) : null;

    /// <summary>The document that begins with a part, as BSON; null if a part of it is missing.</summary>
    public static ReadOnlyMemory<byte>? BytesOf(PageSource pages, DocumentPart first)
    {
        if (first.IsLast)
            return first.Bytes;
        using var bytes = new MemoryStream();
        DocumentPart? part = first;
        for (var parts = 0L; part is { } here; parts++, part = Part(pages, here.NextPage, here.NextItem))
        {
            if (parts > pages.Count)
                return null;
            bytes.Write(here.Bytes.Span);
            if (here.IsLast)
                return bytes.ToArray();
        }
        return null;
    }

    private static DocumentPart? Part(PageSource pages, long page, int item)
    {
        if (pages.Find(page) is not { } found || PageLayout.TypeOf(found) != PageType.Data)
            return null;
        foreach (var (number, part) in PageLayout.Parts(found))
            if (number == item)
                return part;
        return null;
    }
}

/// <summary>Pages as of the last commit: the log's version if it has one, else the data file's if that is undamaged.</summary>
internal sealed class PageSource(DataFile data, WriteAheadLog log, IReadOnlyDictionary<long, long> inLog, IReadOnlyList<long> damaged)
{
    // Documents in parts and lists of ids read the same few pages again.
    private const int CachedPages = 256;

    private readonly Dictionary<long, byte[]> _cached = [];

    public IReadOnlySet<long> Damaged { get; } = damaged.ToHashSet();

    public long Count { get; } = Math.Max(data.Length / PageFrame.PageBytes, inLog.Keys.DefaultIfEmpty(-1).Max() + 1);

    /// <summary>The type of a page when it was written.</summary>
    public PageType TypeOf(long page) => data.TypeOf(page);

    /// <summary>Null for a page that is damaged or missing.</summary>
    public byte[]? Find(long page)
    {
        if (_cached.TryGetValue(page, out var cached))
            return cached;
        var bytes = new byte[PageFrame.PageBytes];
        if (!Read(page, bytes))
            return null;
        if (_cached.Count == CachedPages)
            _cached.Clear();
        _cached[page] = bytes;
        return bytes;
    }

    /// <summary>As <see cref="Find"/>, for a page that is read once; false if it is damaged or missing.</summary>
    public bool Read(long page, byte[] bytes)
    {
        if (!inLog.TryGetValue(page, out var frame))
            return !Damaged.Contains(page) && data.ReadPage(page, bytes);
        log.ReadPage(frame, bytes);
        return true;
    }
}
