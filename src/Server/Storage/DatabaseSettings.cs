using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Storage;

/// <summary>Settings that are the same on every server. Some tests change them.</summary>
internal sealed record DatabaseSettings
{
    public int QueueLimit { get; init; } = 1024;

    public int BatchLimit { get; init; } = 256;

    /// <summary>Length of the log, in pages, above which it is moved into the data file.</summary>
    public int CheckpointPages { get; init; } = 4000;

    public Migrations Migrations { get; init; } = Migrations.Released;

    public Func<string, LogFile> OpenLogFile { get; init; } = path => new LogFile(path);
}
