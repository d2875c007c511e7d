using System.Text.Json.Serialization;
using StoriesCli.Contracts;

namespace StoriesCli.Server.HostCommands.Status;

/// <summary>What <c>stories-server status</c> shows. It has no secret: options name files, not what is in them.</summary>
internal sealed record StatusReport
{
    /// <summary>Version of the running server, which may be older than the program on the disk.</summary>
    public required string Version { get; init; }

    /// <summary>Version of the stored data that this server writes.</summary>
    public required int Schema { get; init; }

    public required bool Ready { get; init; }

    /// <summary>Why it is not ready, or what to look at although it is: a line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required long UptimeSeconds { get; init; }

    /// <summary>Addresses where it listens, with those of metrics and of the host's own commands.</summary>
    public required IReadOnlyList<string> Listening { get; init; }

    public required StatusData Data { get; init; }

    /// <summary>Null where the rows are in the data directory.</summary>
    public required StatusRole? Role { get; init; }

    public required StatusDisk Disk { get; init; }

    /// <summary>Null when the audit trail, which goes back a year, has no finished backup, or cannot be read.</summary>
    public required StatusBackup? LastBackup { get; init; }

    /// <summary>Null without TLS.</summary>
    public required StatusCertificate? Certificate { get; init; }

    public required IReadOnlyList<StatusOption> Options { get; init; }
}

/// <param name="Path">The data directory.</param>
/// <param name="Database">URL of the database in PostgreSQL; null when the rows are in the data directory.</param>
/// <param name="DatabaseBytes">Bytes of the data file.</param>
/// <param name="LogBytes">Bytes of its log.</param>
/// <param name="Accounts">Number of accounts.</param>
/// <param name="Stories">Stories on the disk by kind, archived ones included.</param>
internal sealed record StatusData(
    string Path,
    string? Database,
    long DatabaseBytes,
    long LogBytes,
    int Accounts,
    IReadOnlyList<StatusStories> Stories
);

/// <param name="Writes">Whether this server writes.</param>
/// <param name="Writer">Machine and process of the server that writes; null when none is known.</param>
/// <param name="Commit">Number of the last commit that this server shows.</param>
/// <param name="AgeSeconds">How long ago it was certain that there is no newer one.</param>
internal sealed record StatusRole(bool Writes, string? Writer, long Commit, double AgeSeconds);

/// <param name="Kind">Kind of the stories.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Bytes">Bytes of their media.</param>
internal sealed record StatusStories(string Kind, int Count, long Bytes);

/// <param name="FreeBytes">Free space of the data directory's file system.</param>
/// <param name="FloorBytes">Free space below which the server refuses posts.</param>
/// <param name="UsedBytes">Bytes that count against the quota.</param>
/// <param name="QuotaBytes">Most bytes that all accounts may use.</param>
internal sealed record StatusDisk(long FreeBytes, long FloorBytes, long UsedBytes, long QuotaBytes);

/// <param name="FinishedAt">When all of it was sent. The server does not know whether its receiver kept it.</param>
/// <param name="By">Handle of the admin who took it; null for the host, on the server's machine.</param>
internal sealed record StatusBackup(DateTimeOffset FinishedAt, string? By);

/// <param name="File">The certificate's file.</param>
/// <param name="EndsAt">When the certificate in it ends; null when the file cannot be read now.</param>
internal sealed record StatusCertificate(string File, DateTimeOffset? EndsAt);

/// <param name="Name">Name of the flag without dashes.</param>
/// <param name="Value">The value that holds.</param>
/// <param name="Source"><c>default</c>, <c>file</c>, <c>environment</c> or <c>argument</c>.</param>
internal sealed record StatusOption(string Name, string Value, string Source);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    Converters = [typeof(WireTimeConverter)]
)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
