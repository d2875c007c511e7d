using StoriesCli.Server.Storage.Buckets;

namespace StoriesCli.Server.Hosting;

/// <summary>When the server takes backups by itself, and where it puts them.</summary>
internal sealed record BackupSchedule
{
    /// <summary>Time between two of them; null for none.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How many of them are kept.</summary>
    public int Keep { get; init; } = 7;

    /// <summary>Folder for them; null when they go to a bucket.</summary>
    public string? Folder { get; init; }

    /// <summary>Bucket for them; null when they go to a folder.</summary>
    public BucketAddress? Bucket { get; init; }

    /// <summary>Whether there is any.</summary>
    public bool IsOn => Every is not null;

    /// <summary>Whether a place for them is named.</summary>
    public bool HasPlace => Folder is not null || Bucket is not null;
}
