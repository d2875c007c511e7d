namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>
/// Reads whole collections page by page, on all processors. The engine follows its index from row to row, reads the same pages again
/// and again, and does it on one thread.
/// </summary>
internal sealed class PageScan
{
    // A smaller collection is read before a second thread has begun.
    private const int PagesATask = 64;

    private readonly Func<PageSource> _open;
    private readonly Dictionary<string, List<long>> _pages;

    private PageScan(Func<PageSource> open, Dictionary<string, List<long>> pages) => (_open, _pages) = (open, pages);

    /// <param name="open">Opens the pages for one thread. They must not change meanwhile.</param>
    public static PageScan Of(Func<PageSource> open)
    {
        var source = open();
        var names = source.Find(0) is { } header ? PageLayout.Collections(header) : new Dictionary<uint, string>();
        var pages = names.Values.ToDictionary(name => name, _ => new List<long>(), StringComparer.OrdinalIgnoreCase);
        var page = new byte[PageFrame.PageBytes];
        for (var i = 1L; i < source.Count; i++)
            if (source.TypeOf(i) == PageType.Data && source.Read(i, page) && names.TryGetValue(PageLayout.CollectionOf(page), out var name))
                pages[name].Add(i);
        return new(open, pages);
    }

    /// <summary>All rows of a collection, in the order of their ids.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="read">Makes a row of a document, on any thread.</param>
    public IEnumerable<object> All(string collection, Func<RowDocument, object> read)
    {
        if (!_pages.TryGetValue(collection, out var pages))
            return [];
        var share = Math.Max(PagesATask, (pages.Count + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        var parts = pages
            .Chunk(share)
            .Select(part => pages.Count <= share ? Task.FromResult(Read(part, read)) : Task.Run(() => Read(part, read)));
        var rows = Task.WhenAll(parts).GetAwaiter().GetResult().SelectMany(part => part).ToList();
        rows.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return rows.Select(row => row.Row);
    }

    private List<(string Id, object Row)> Read(long[] numbers, Func<RowDocument, object> read)
    {
        var pages = _open();
        var page = new byte[PageFrame.PageBytes];
        var rows = new List<(string Id, object Row)>();
        foreach (var number in numbers)
        {
            if (!pages.Read(number, page))
                throw new IOException($"Page {number} of the data file is missing.");
            foreach (var (_, part) in PageLayout.Parts(page))
            {
                if (!part.IsFirst)
                    continue;
                if (SalvagedRows.BytesOf(pages, part) is not { } bytes)
                    throw new IOException($"A row on page {number} of the data file is not whole.");
                var document = new RowDocument(bytes);
                rows.Add((document["_id"].Text, read(document)));
            }
        }
        return rows;
    }
}
