using System.Net;

namespace StoriesCli.Client.Api;

/// <summary>A body that is sent after the server's 100 Continue. It knows whether sending has begun; before that the server cannot have acted.</summary>
internal sealed class ExpectContinueContent : HttpContent
{
    private readonly HttpContent _inner;

    public ExpectContinueContent(HttpContent inner)
    {
        _inner = inner;
        Headers.ContentType = inner.Headers.ContentType;
    }

    public bool HasBegun { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        HasBegun = true;
        return _inner.CopyToAsync(stream, context);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }
}
