using System.Text.Json.Serialization;

namespace StoriesCli.Contracts.Backups;

/// <summary>The last entry of an archive: what is in it. An archive without it broke off.</summary>
public sealed record BackupManifest
{
    /// <summary>What the entry of the manifest is called.</summary>
    public const string EntryName = "manifest.json";

    /// <summary>What the entry of the data file is called.</summary>
    public const string DatabaseEntry = "stories.db";

    /// <summary>What the entry of the data file's log is called.</summary>
    public const string LogEntry = "stories.log";

    /// <summary>What the entries of stories' files begin with; the file's name follows.</summary>
    public const string MediaPrefix = "media/";

    /// <summary>The newest layout that this program knows.</summary>
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

    /// <summary>Files of stories that were damaged on the server's disk already; what was left of them is in the archive.</summary>
    public BackupDamage[] Damaged { get; init; } = [];
}

/// <summary>One file of an archive.</summary>
/// <param name="Name">Path in the archive.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">64 hexadecimal digits in lower case.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256);

/// <summary>A file of a story that is not what was posted.</summary>
/// <param name="Story">The story's id.</param>
/// <param name="Name">Path in the archive, also of a file that is not in it.</param>
/// <param name="Reason">What is wrong, as the end of a sentence about the file.</param>
public sealed record BackupDamage(string Story, string Name, string Reason)
{
    /// <summary>Of a file by its path in the archive.</summary>
    /// <param name="name">Beginning with <see cref="BackupManifest.MediaPrefix"/>.</param>
    /// <param name="reason">What is wrong.</param>
    public static BackupDamage Of(string name, string reason)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(name[BackupManifest.MediaPrefix.Length..].Split('.')[0], name, reason);
    }
}

/// <summary>An archive that was read to its end: database and log are whole.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Damaged">Files of stories that are not what was posted: those that the manifest names, and those that differ from it.</param>
public sealed record BackupContents(BackupManifest Manifest, IReadOnlyList<BackupDamage> Damaged);

/// <summary>An archive cannot be used; the message says why, as the end of a sentence about it.</summary>
public sealed class BackupException(string message) : Exception(message);

/// <summary>How the manifest is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(BackupManifest))]
public sealed partial class BackupJson : JsonSerializerContext;
