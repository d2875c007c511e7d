using System.Net.ServerSentEvents;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>One event stream, until it breaks.</summary>
internal sealed class EventConnection : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly IdleGuard _guard;
    private readonly ReceivedJson? _received;
    private readonly SseParser<(StoryEvent? Event, JsonElement Json)> _parser;
    private readonly IAsyncEnumerator<SseItem<(StoryEvent? Event, JsonElement Json)>> _items;

    public EventConnection(HttpResponseMessage answer, Stream stream, IdleGuard guard, ReceivedJson? received)
    {
        _answer = answer;
        _received = received;
        _guard = guard;
        _parser = SseParser.Create(new GuardedStream(stream, guard), (_, data) => Read(data));
        _items = _parser.EnumerateAsync(guard.Token).GetAsyncEnumerator();
    }

    /// <summary>The id to resume after; null before the first event.</summary>
    public string? LastId => _parser.LastEventId.Length == 0 ? null : _parser.LastEventId;

    /// <returns>Null when the stream has ended for any reason.</returns>
    /// <exception cref="JsonException">The data is not a valid event.</exception>
    public async Task<StoryEvent?> NextAsync(CancellationToken cancel)
    {
        try
        {
            return await _items.MoveNextAsync().ConfigureAwait(false) ? Take(_items.Current.Data) : null;
        }
        catch (Exception e)
            when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private (StoryEvent? Event, JsonElement Json) Read(ReadOnlySpan<byte> data)
    {
        var happened = JsonSerializer.Deserialize(data, ContractsJson.Default.StoryEvent);
        if (_received is null || happened is null)
        {
            return (happened, default);
        }
        using var document = JsonDocument.Parse(data.ToArray());
        return (happened, document.RootElement.Clone());
    }

    private StoryEvent Take((StoryEvent? Event, JsonElement Json) item)
    {
        var happened = (item.Event ?? throw new JsonException("null")) with { Id = LastId };
        _received?.Keep(happened, item.Json);
        return happened;
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync().ConfigureAwait(false);
        _answer.Dispose();
        _guard.Dispose();
    }
}
