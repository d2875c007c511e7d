using System.Net.ServerSentEvents;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client;

/// <summary>One stream of events, until it breaks off.</summary>
internal sealed class EventConnection : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly IdleGuard _guard;
    private readonly SseParser<StoryEvent?> _parser;
    private readonly IAsyncEnumerator<SseItem<StoryEvent?>> _items;

    public EventConnection(HttpResponseMessage answer, Stream stream, IdleGuard guard)
    {
        _answer = answer;
        _guard = guard;
        _parser = SseParser.Create(new GuardedStream(stream, guard), static (_, data) => JsonSerializer.Deserialize(data, ContractsJson.Default.StoryEvent));
        _items = _parser.EnumerateAsync(guard.Token).GetAsyncEnumerator();
    }

    /// <summary>Where to resume; null when the server has not said so yet.</summary>
    public string? LastId => _parser.LastEventId.Length == 0 ? null : _parser.LastEventId;

    /// <returns>Null when the stream is over, for whatever reason.</returns>
    /// <exception cref="JsonException">What came is no event of ours.</exception>
    public async Task<StoryEvent?> NextAsync(CancellationToken cancel)
    {
        try
        {
            return await _items.MoveNextAsync().ConfigureAwait(false)
                ? (_items.Current.Data ?? throw new JsonException("null")) with { Id = LastId }
                : null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync().ConfigureAwait(false);
        _answer.Dispose();
        _guard.Dispose();
    }
}
