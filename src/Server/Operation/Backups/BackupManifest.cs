using System.Text.Json.Serialization;

namespace StoriesCli.Server.Operation.Backups;

/// <summary>The last entry of an archive: what is in it. An archive without it broke off.</summary>
internal sealed record BackupManifest
{
    public const string EntryName = "manifest.json", DatabaseEntry = "stories.db", LogEntry = "stories.log", MediaPrefix = "media/";
    public const int NewestFormat = 1;

    /// <summary>How the archive is laid out; a newer one is refused.</summary>
    public required int Format { get; init; }
    /// <summary>The server that made it.</summary>
    public required string Server { get; init; }
    /// <summary>The moment it shows.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Everything else in the archive.</summary>
    public required BackupFile[] Files { get; init; }
    /// <summary>Ids of stories that ended while the backup was taken: their rows are in the database, their media are not in the archive.</summary>
    public required string[] LeftOut { get; init; }
}

/// <summary>One file of an archive.</summary>
/// <param name="Name">Path in the archive.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">64 hexadecimal digits in lower case.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
