namespace StoriesCli.Bench;

/// <summary>What missed goals run into, by the beginning of the figure's name. Shares are of processor time, as <c>perf</c> shows them.</summary>
internal static class KnownLimits
{
    private const string Pipeline =
        "A third of the server's time is the kernel's: sending, receiving, waking threads. A quarter is the framework's way to the handler "
        + "(routing, authentication 10 %, authorization, rate limits), and a tenth are idle threads that look for work before they sleep. "
        + "The handler takes 15 %, half of it to ask the file system whether the file is still the same.";

    private const string LiteDbWrites =
        "One thread writes. Of its time, LiteDB takes 47 % (pages of 8 KiB: 33 % to insert, 14 % to commit), garbage collection 24 %, the "
        + "rules 19 % and the flush 8 %. A row costs four to seven pages. A log of rows in front would move LiteDB to a second thread, and "
        + "both processors are busy with 64 clients: see docs/decisions/0257.";

    private const string Loading =
        "After the pages are read directly (docs/decisions/0274), half of the time goes into new memory: page faults, zeroing, "
        + "and garbage collections that move what stays. Reading rows takes 39 % with that, the indexes 40 %.";

    private static readonly (string Figure, string Limit)[] All =
    [
        (
            "First 200",
            "A quarter of the time, the native runtime builds generic types for injected services, and another quarter goes into new memory."
        ),
        ("stories-server --version", "The runtime unpacks 11 MB of tables before the program begins: docs/decisions/0263."),
        ("Text posts", LiteDbWrites),
        (
            "Photo post",
            "A third of the time, the picture is decoded to check it. Half is the kernel's: flushes of the file, its folder and the row, and the "
                + "changes of thread between them."
        ),
        ("Deletions", "Each one waits for a flush, as a post does. The log is emptied once a second for all of them."),
        ("8 posters beside 8 deleters", LiteDbWrites),
        ("Small picture", Pipeline),
        ("Page of 50 stories", Pipeline),
        (
            "One event",
            "A fifth of the time is the kernel's send, which nchan needs too. The rest are two changes of thread for each listener, from the "
                + "sender to the connection's and back, and the framework's chunks."
        ),
        ("Events against nchan", "As one event."),
        ("A post with 200 listeners", "The clients and the sending thread take both processors from the next post."),
        (
            "Memory when idle",
            "Two thirds are pages of the program's and the image library's files, which the system can take back. The rest is 27 MB, 11 of "
                + "them the runtime's tables."
        ),
        ("Search without a hit", "It looks at each text. It runs in slices, so that other requests go between: docs/decisions/0206."),
        (
            "List unseen",
            "On a shelf (an author and a slot) all stories are looked at that are newer than the oldest unseen one, and shelves grow with stories."
        ),
        ("Start with", Loading),
        ("Memory a story", "Just after the start; the garbage of the start is not collected before memory is needed."),
        ("100,000 stories", "Each story is a row, a row of views and a tombstone, 180 µs in all: garbage collection 33 %, LiteDB 30 %."),
        ("Posts while they expire", "They wait for commits of 200 ends, which are short, but many."),
        (
            "Data directory",
            "The figure is taken half a minute after the last end. A copy that deletions disturbed is made again by a later sweep, about a minute after it."
        ),
    ];

    private const string KittyBytes =
        "A picture is up to 500,000 pixels, packed fast and in base64: half a megabyte and more, which goes through the line in pieces of 4 KB. "
        + "Shared memory would avoid that on the same machine, and is not used.";

    private static readonly (string Figure, string Limit)[] OfScreen =
    [
        (
            ": first frame",
            "Of the processor time, half is the start of Terminal.Gui and the first drawing of all cells: docs/decisions/0278."
        ),
        (
            ": first picture",
            "The picture is asked for after the list of stories. Those of its neighbours are fetched at the same time, and may be decoded before it: "
                + "decoding takes a sixth of the processor time."
        ),
        ("kitty: key, next picture", KittyBytes),
        (
            "blocks: key, next picture",
            "Most cells of the picture change, which are 60 KB and more. Each cell goes through Terminal.Gui's measurement of text."
        ),
        (
            ": key, choosing a person, worst",
            "The loading of pictures, the collection of what they left, and other programs share the processors with it."
        ),
        ("kitty: SIGCONT", KittyBytes),
        ("kitty: memory", "Up to five packed pictures and 8 MB of decoded ones are kept, so that a key does not wait for them."),
    ];

    /// <summary>Null when the limit of a figure is not known.</summary>
    public static string? Of(string what) =>
        Array.Find(All, limit => what.StartsWith(limit.Figure, StringComparison.Ordinal)).Limit
        ?? Array.Find(OfScreen, limit => what.Contains(limit.Figure, StringComparison.Ordinal)).Limit;
}
