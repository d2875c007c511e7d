using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Engines.Postgres;

namespace StoriesCli.Server.Storage;

/// <summary>Settings that are the same on every server. Some tests change them.</summary>
internal sealed record DatabaseSettings
{
    /// <summary>Where the rows are; null for the data directory.</summary>
    public PostgresAddress? Postgres { get; init; }

    /// <summary>Whether this server stands by when another one writes. Otherwise it refuses to open the database.</summary>
    public bool Follows { get; init; }

    /// <summary>URL at which this server takes the requests of the others while it writes; null when it takes none.</summary>
    public Uri? Peers { get; init; }

    public int QueueLimit { get; init; } = 1024;

    public int BatchLimit { get; init; } = 256;

    /// <summary>Length of the log, in pages, above which it is moved into the data file.</summary>
    public int CheckpointPages { get; init; } = 4000;

    /// <summary>Length of the data file, in pages, from which it is compacted when half of it is dead.</summary>
    public int CompactFromPages { get; init; } = 512;

    /// <summary>Pause before a copy that was given up is tried again. It doubles each time: what disturbed the copy may go on.</summary>
    public TimeSpan CompactAgainAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Called at each step of a compaction, on the thread that makes it.</summary>
    public Action<string>? CompactionStep { get; init; }

    public Migrations Migrations { get; init; } = Migrations.Released;

    public Func<string, LogFile> OpenLogFile { get; init; } = path => new LogFile(path);
}
