using System.Diagnostics;

namespace StoriesCli.Server.Storage.Buckets;

/// <summary>A request that the S3 service did not do.</summary>
/// <param name="Message">What failed, and why: a sentence for the host, without secrets.</param>
/// <param name="At">When it failed, as a timestamp of <see cref="Stopwatch"/>.</param>
internal sealed record BucketFault(string Message, long At)
{
    public TimeSpan Age => Stopwatch.GetElapsedTime(At);
}
