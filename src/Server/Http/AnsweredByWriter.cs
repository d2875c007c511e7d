namespace StoriesCli.Server.Http;

/// <summary>A route that only the server which writes can answer, although it only reads: endpoint metadata.</summary>
/// <param name="onlyWhereMediaAreFiles">Whether each server can answer it where all have the media in one bucket.</param>
internal sealed class AnsweredByWriter(bool onlyWhereMediaAreFiles)
{
    public static readonly AnsweredByWriter Yes = new(onlyWhereMediaAreFiles: false);

    /// <summary>The writer has the files.</summary>
    public static readonly AnsweredByWriter WhereMediaAreFiles = new(onlyWhereMediaAreFiles: true);

    /// <summary>Whether a server that follows another must pass a request on.</summary>
    /// <param name="method">Method of the request.</param>
    /// <param name="metadata">Metadata of its route; null when it has none.</param>
    /// <param name="inBucket">Whether the media are in a bucket.</param>
    public static bool Is(string method, EndpointMetadataCollection? metadata, bool inBucket) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
        || (metadata?.GetMetadata<AnsweredByWriter>() is { } found && !(inBucket && found.IsOnlyForFiles));

    private bool IsOnlyForFiles => onlyWhereMediaAreFiles;
}
