namespace StoriesCli.Server.Storage.Buckets;

/// <summary>An object of a bucket, below its prefix.</summary>
/// <param name="Name">Its key without the prefix.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ModifiedAt">When it was written, by the clock of the service.</param>
internal sealed record BucketObject(string Name, long Bytes, DateTimeOffset ModifiedAt);
