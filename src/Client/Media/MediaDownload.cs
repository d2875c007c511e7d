namespace StoriesCli.Client.Media;

/// <summary>A download: read <see cref="Content"/>, then dispose.</summary>
public sealed class MediaDownload : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;

    internal MediaDownload(HttpResponseMessage answer, Stream content)
    {
        _answer = answer;
        Content = content;
    }

    /// <summary>The bytes from <see cref="From"/> on, from the network.</summary>
    public Stream Content { get; }

    /// <summary>Offset of the first byte; 0 if the server ignored the range.</summary>
    public long From => _answer.Content.Headers.ContentRange?.From ?? 0;

    /// <summary>Total size in bytes; null if unknown.</summary>
    public long? TotalBytes => _answer.Content.Headers.ContentRange?.Length ?? _answer.Content.Headers.ContentLength;

    /// <summary>Media type.</summary>
    public string? Type => _answer.Content.Headers.ContentType?.MediaType;

    /// <summary>The entity tag with its quotes: the SHA-256 of the whole file.</summary>
    public string? ETag => _answer.Headers.ETag?.Tag;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        _answer.Dispose();
    }
}
