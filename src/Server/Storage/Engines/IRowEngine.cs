using LiteDB;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines;

/// <summary>Keeps rows so that they survive. The writer thread alone calls it, except where a member says otherwise.</summary>
internal interface IRowEngine : ISharedRows
{
    /// <summary>Raised when nothing shows rows any more that were deleted until now.</summary>
    event Action? Erased;

    /// <summary>Raised on any thread when the engine has work for the writer thread. See <see cref="AfterBatch"/>.</summary>
    event Action? WantsTurn;

    /// <summary>Damage of what it keeps. For any thread.</summary>
    EngineDamage Damage { get; }

    /// <summary>Where the rows are, for messages, with its quotation marks if it needs any. For any thread.</summary>
    string Place { get; }

    bool IsOpen { get; }

    /// <summary>Opens the rows to write. Brings them to the newest schema, and makes the collections. If another server writes, opens them to follow, where the settings allow that.</summary>
    /// <exception cref="DataDirectoryException">They are not ours, or a newer program wrote them, or another server uses them.</exception>
    void Open(IReadOnlyCollection<CollectionSchema> collections);

    /// <summary>Reads all rows of one moment. Call after <see cref="Open"/>, before the first commit, and dispose it.</summary>
    RowReader OpenReader();

    /// <summary>A page of a collection in the order of the ids, between two exclusive bounds.</summary>
    IReadOnlyList<BsonDocument> Page(string collection, RowRange range);

    /// <summary>Makes all writes in one transaction, or none of them. <see cref="Sync"/> makes them durable.</summary>
    /// <param name="writes">The writes, in their order.</param>
    /// <param name="events">What servers that follow tell their clients of them.</param>
    /// <exception cref="DuplicateRowException">An inserted row exists already.</exception>
    void Commit(IReadOnlyList<RowWrite> writes, IReadOnlyList<CarriedEvent> events);

    /// <summary>Returns when everything committed survives a crash.</summary>
    void Sync();

    /// <summary>Whether an error concerns only the rows of the call, so that the engine can go on. After any other error, open it again.</summary>
    bool Survives(Exception e);

    /// <summary>Whether opening may succeed later although it failed now, without anybody's help on this machine.</summary>
    bool MayComeBack(Exception e);

    /// <summary>When <see cref="Upkeep"/> is due although no change comes; null when it is not.</summary>
    TimeSpan? UpkeepDueIn { get; }

    void Upkeep();

    /// <summary>Call between two batches.</summary>
    void AfterBatch();

    /// <summary>Erases deleted rows where they are kept.</summary>
    /// <returns>Whether none is left.</returns>
    bool Erase();

    /// <summary>Fixes the rows as they are now, for a backup.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now.</exception>
    IRowSnapshot Hold();

    /// <summary>A secret key of all servers on these rows, which no archive holds. For any thread, also before the rows are open.</summary>
    /// <param name="name">Name of the key.</param>
    /// <param name="bytes">Its length.</param>
    /// <exception cref="DataDirectoryException">What is kept there is no key.</exception>
    byte[] ReadOrMakeKey(string name, int bytes);

    /// <summary>Closes an open engine after its last commit.</summary>
    void Close();

    /// <summary>Closes an engine that failed, or that is closed. Ignores errors: what matters is durable.</summary>
    void Abandon();
}

/// <summary>Damage of the rows that an engine found.</summary>
/// <param name="LostLogPages">Number of log pages lost since the process started that may have been acknowledged.</param>
/// <param name="KeptLog">Copy of a damaged log, while it is kept.</param>
internal sealed record EngineDamage(long LostLogPages, KeptFile? KeptLog)
{
    public static readonly EngineDamage None = new(0, null);
}

/// <summary>The rows of one moment as the two files of an archive, readable until disposed.</summary>
internal interface IRowSnapshot : IDisposable
{
    /// <summary>Gets the files ready, on any thread.</summary>
    /// <exception cref="DatabaseUnavailableException">The rows are damaged, or cannot be read.</exception>
    Task PrepareAsync(CancellationToken cancel);

    FileStream OpenDataFile();

    /// <summary>Copies the log that belongs to the data file into a file that is deleted when closed.</summary>
    Task<FileStream> CopyLogAsync(CancellationToken cancel);
}

/// <summary>What <see cref="Migrations"/> needs of an engine: raw documents, because the row types know only the newest schema.</summary>
internal interface IMigratedRows
{
    /// <summary>What holds the rows, for messages: <c>The data directory '/srv/stories'</c>.</summary>
    string Place { get; }

    IReadOnlyList<string> CollectionNames();

    BsonDocument? Find(string collection, string id);

    IEnumerable<BsonDocument> Scan(string collection);

    /// <summary>Makes all writes in one transaction, or none of them. Each step sees the writes of the steps before it.</summary>
    void CommitSteps(IEnumerable<Func<IEnumerable<RowWrite>>> steps);

    void Sync();

    /// <summary>Copies everything before a migration, where the engine can.</summary>
    /// <returns>Deletes the copy, for a migration that failed.</returns>
    Action KeepCopy(int from, int to, ILogger log);
}

/// <summary>The server that writes.</summary>
/// <param name="Epoch">Greater than that of every writer before.</param>
/// <param name="Name">Its machine and process.</param>
/// <param name="Peers">URL at which it takes the requests of the other servers; null when it takes none.</param>
internal sealed record WriterInfo(long Epoch, string Name, Uri? Peers);

/// <summary>An event that other servers tell their clients.</summary>
/// <param name="Kind">Which of the carried types it is.</param>
/// <param name="Content">Its fields.</param>
internal readonly record struct CarriedEvent(string Kind, RowDocument Content);

/// <summary>A commit of another server.</summary>
/// <param name="Seq">Its number. The next one is greater by 1.</param>
/// <param name="Writes">Its writes, in their order. Deletions have the document that was deleted.</param>
/// <param name="Events">What to tell of it.</param>
internal sealed record FollowedCommit(long Seq, IReadOnlyList<RowWrite> Writes, IReadOnlyList<CarriedEvent> Events);

/// <summary>Rows that several servers may share: one writes, the others follow.</summary>
internal interface ISharedRows
{
    /// <summary>When the engine last knew that its rows are the newest, as a timestamp of <c>Stopwatch</c>; null when nobody else can change them. For any thread.</summary>
    long? CurrentAt { get; }

    /// <summary>Whether this server may commit, and not another one that it follows. For any thread.</summary>
    bool IsWriter { get; }

    /// <summary>Number of the last commit that the rows of this server have; 0 where nobody follows. For any thread.</summary>
    long Seq { get; }

    /// <summary>Which server writes; null where there is only one. For any thread.</summary>
    WriterInfo? Writer { get; }

    /// <summary>On a server that follows: tries to get the lock of the writer. When it has it, read the last commits, then call <see cref="BecomeWriter"/>.</summary>
    bool TryLock();

    /// <summary>On a server that follows: the next commits, in order, or none when it has all. Null when some are no longer there: then load everything anew.</summary>
    IReadOnlyList<FollowedCommit>? ReadCommits();

    /// <summary>Events of the last hour, in the order of their commits, without the writes.</summary>
    IReadOnlyList<FollowedCommit> ReadPast();

    /// <summary>From now on this server writes, and the one before cannot.</summary>
    /// <returns>Whether rows changed, so that everything must be loaded anew.</returns>
    bool BecomeWriter();
}
