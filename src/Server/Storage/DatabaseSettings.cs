using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Storage;

/// <summary>What is the same in every server, and other in some tests.</summary>
internal sealed record DatabaseSettings
{
    public int QueueLimit { get; init; } = 1024;

    public int BatchLimit { get; init; } = 256;

    /// <summary>Above this length the log is brought into the data file.</summary>
    public int CheckpointPages { get; init; } = 4000;

    public Migrations Migrations { get; init; } = Migrations.Released;

    public Func<string, LogFile> OpenLogFile { get; init; } = path => new LogFile(path);
}
