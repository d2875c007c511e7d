namespace StoriesCli.Client.Media;

/// <summary>Media on their way: read <see cref="Content"/>, then dispose.</summary>
public sealed class MediaDownload : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;

    internal MediaDownload(HttpResponseMessage answer, Stream content)
    {
        _answer = answer;
        Content = content;
    }

    /// <summary>The bytes from <see cref="From"/> on, as they come from the network.</summary>
    public Stream Content { get; }

    /// <summary>Offset of the first byte, in bytes: 0 where the server gave the whole instead of the asked part.</summary>
    public long From => _answer.Content.Headers.ContentRange?.From ?? 0;

    /// <summary>Size of the whole media in bytes; null when the server does not say.</summary>
    public long? TotalBytes => _answer.Content.Headers.ContentRange?.Length ?? _answer.Content.Headers.ContentLength;

    /// <summary>Media type.</summary>
    public string? Type => _answer.Content.Headers.ContentType?.MediaType;

    /// <summary>The entity tag, in its quotes: the SHA-256 of the whole.</summary>
    public string? ETag => _answer.Headers.ETag?.Tag;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        _answer.Dispose();
    }
}
