using System.Text.Json.Serialization;

namespace StoriesCli.Contracts.Backups;

/// <summary>The last entry of an archive, which lists the others. An archive without it is incomplete.</summary>
public sealed record BackupManifest
{
    /// <summary>Name of the manifest's entry.</summary>
    public const string EntryName = "manifest.json";

    /// <summary>Name of the data file's entry.</summary>
    public const string DatabaseEntry = "stories.db";

    /// <summary>Name of the entry for the data file's log.</summary>
    public const string LogEntry = "stories.log";

    /// <summary>Prefix of the entries of stories' files, before the file's name.</summary>
    public const string MediaPrefix = "media/";

    /// <summary>The newest format that this program knows.</summary>
    public const int NewestFormat = 1;

    /// <summary>Format of the archive. A program refuses one that is newer than it knows.</summary>
    public required int Format { get; init; }

    /// <summary>Version of the server that made the archive.</summary>
    public required string Server { get; init; }

    /// <summary>The moment that the archive shows.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>All other entries of the archive.</summary>
    public required BackupFile[] Files { get; init; }

    /// <summary>Ids of stories that ended while the backup ran: their rows are in the database, their files are not in the archive.</summary>
    public required string[] LeftOut { get; init; }

    /// <summary>Files of stories that were already damaged on the server's disk. The archive holds what is left of them.</summary>
    public BackupDamage[] Damaged { get; init; } = [];
}

/// <summary>One file of an archive.</summary>
/// <param name="Name">Path in the archive.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="Sha256">64 hexadecimal digits in lower case.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256);

/// <summary>A story's file that differs from what was posted.</summary>
/// <param name="Story">The story's id.</param>
/// <param name="Name">Path in the archive, even when the archive does not hold the file.</param>
/// <param name="Reason">What is wrong, as the end of a sentence about the file.</param>
public sealed record BackupDamage(string Story, string Name, string Reason)
{
    /// <summary>Makes one from the file's path in the archive.</summary>
    /// <param name="name">Path that begins with <see cref="BackupManifest.MediaPrefix"/>.</param>
    /// <param name="reason">What is wrong.</param>
    public static BackupDamage Of(string name, string reason)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(name[BackupManifest.MediaPrefix.Length..].Split('.')[0], name, reason);
    }
}

/// <summary>Contents of an archive that was read to its end. Database and log are undamaged.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Damaged">Files of stories that differ from what was posted: the manifest names them as damaged, or they differ from the manifest.</param>
public sealed record BackupContents(BackupManifest Manifest, IReadOnlyList<BackupDamage> Damaged);

/// <summary>An archive cannot be used. The message says why, as the end of a sentence about the archive.</summary>
public sealed class BackupException(string message) : Exception(message);

/// <summary>JSON format of the manifest.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(BackupManifest))]
public sealed partial class BackupJson : JsonSerializerContext;
