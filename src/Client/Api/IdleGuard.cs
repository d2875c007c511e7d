namespace StoriesCli.Client.Api;

/// <summary>Cancels a try that is idle for too long. Code that moves bytes calls <see cref="Moved"/>.</summary>
internal sealed class IdleGuard : IDisposable
{
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _limit;

    public IdleGuard(ApiClientOptions options, CancellationToken cancel)
    {
        _limit = options.IdleTimeout;
        _idle = new(_limit, options.Clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_idle.Token, cancel);
    }

    public CancellationToken Token => _either.Token;

    public void Moved() => _idle.CancelAfter(_limit);

    /// <summary>Explains a cancellation that the caller did not request.</summary>
    public DescribedRequestException Explain(OperationCanceledException cause) =>
        _idle.IsCancellationRequested
            ? new(HttpRequestError.Unknown, $"nothing moved for {_limit.TotalSeconds:0.#} s", cause)
            : new(HttpRequestError.ConnectionError, "the connection took too long to open", cause);

    public void Dispose()
    {
        _either.Dispose();
        _idle.Dispose();
    }
}
