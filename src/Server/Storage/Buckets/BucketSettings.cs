namespace StoriesCli.Server.Storage.Buckets;

/// <summary>How to reach the S3 service, the same for all buckets.</summary>
/// <param name="Endpoint">URL of the service; null for Amazon's own.</param>
/// <param name="Region">Region that requests are signed for; null for <c>AWS_REGION</c>, or else <c>us-east-1</c>.</param>
/// <param name="CredentialsFile">File in the format of <c>~/.aws/credentials</c>; null for the usual places.</param>
/// <param name="AcceptsVersions">Whether the service may keep what was deleted.</param>
internal sealed record BucketSettings(
    Uri? Endpoint = null,
    string? Region = null,
    string? CredentialsFile = null,
    bool AcceptsVersions = false
)
{
    /// <summary>How long one request may take, beside the time for the bytes that it sends. Not an option; tests use less.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries after the first one, with growing pauses. Not an option; tests use less.</summary>
    public int Retries { get; init; } = 3;
}
