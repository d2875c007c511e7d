namespace StoriesCli.Server.Storage.Buckets;

/// <summary>The S3 service did not do what it was asked. The message is a sentence for the host, without secrets.</summary>
/// <param name="message">What failed, and why.</param>
/// <param name="isRefusal">Whether it refused: another try changes nothing before the host has changed something.</param>
/// <param name="inner">The cause.</param>
internal sealed class BucketUnavailableException(string message, bool isRefusal = false, Exception? inner = null)
    : IOException(message, inner)
{
    public bool IsRefusal => isRefusal;

    /// <summary>Whether it did not answer in time. Another try would take as long.</summary>
    public bool IsSilence => InnerException is OperationCanceledException;
}
