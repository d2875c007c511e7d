using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Events;

/// <summary>One block of an event stream, as received.</summary>
internal sealed record Block(string? Id, JsonElement? Data)
{
    public string Type => Data!.Value.GetProperty("type").GetString()!;

    public string StoryId => Data!.Value.GetProperty("storyId").GetString()!;

    public DateTimeOffset At => Data!.Value.GetProperty("at").GetDateTimeOffset();
}

/// <summary>An open event stream, read line by line as by a client that knows only the API's contract.</summary>
internal sealed class EventTap : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ServerHost? _host;
    private readonly HttpClient _http = new();
    private readonly Channel<Block> _blocks = Channel.CreateUnbounded<Block>();
    private readonly CancellationTokenSource _closed = new();
    private Task _reading = Task.CompletedTask;

    private EventTap(ServerHost? host) => _host = host;

    public HttpResponseMessage Answer { get; private set; } = null!;

    public string? LastId { get; private set; }

    public static Task<EventTap> OpenAsync(ServerHost host, string token, string? lastEventId = null, string path = "/v1/events") =>
        OpenAsync(host, host.Url, token, lastEventId, path);

    /// <summary>On a server whose clock is the machine's.</summary>
    public static Task<EventTap> OpenAsync(Uri url, string token, string? lastEventId = null) =>
        OpenAsync(host: null, url, token, lastEventId, "/v1/events");

    private static async Task<EventTap> OpenAsync(ServerHost? host, Uri url, string token, string? lastEventId, string path)
    {
        var tap = new EventTap(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        tap.Answer = await tap._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        tap._reading = tap.ReadAsync(await tap.Answer.Content.ReadAsStreamAsync());
        return tap;
    }

    /// <summary>The next event. Skips comments.</summary>
    public async Task<Block> NextAsync()
    {
        while (await NextBlockAsync() is var block)
        {
            if (block.Data is not null)
            {
                return block;
            }
        }
        throw new InvalidOperationException();
    }

    /// <summary>The next event or comment. Advances the server's clock while nothing arrives.</summary>
    public async Task<Block> NextBlockAsync()
    {
        var block = _blocks.Reader.ReadAsync().AsTask();
        await Eventually.TrueAsync(() => IsDone(block), Patience);
        return await block;
    }

    /// <summary>Waits for the stream's end.</summary>
    public async Task EndAsync()
    {
        await Eventually.TrueAsync(() => IsDone(_reading), Patience);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _reading.ContinueWith(_ => { }, TaskScheduler.Default);
        Answer.Dispose();
        _http.Dispose();
        _closed.Dispose();
    }

    private bool IsDone(Task task)
    {
        if (!task.IsCompleted)
        {
            _host?.Clock.Advance(TimeSpan.FromMilliseconds(20));
        }
        return task.IsCompleted;
    }

    private async Task ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        string? data = null;
        var comment = false;
        while (await reader.ReadLineAsync(_closed.Token) is { } line)
        {
            if (line.Length == 0)
            {
                if (data is not null || comment)
                {
                    await _blocks.Writer.WriteAsync(new(LastId, data is null ? null : JsonDocument.Parse(data).RootElement));
                }
                (data, comment) = (null, false);
            }
            else if (line[0] == ':')
            {
                comment = true;
            }
            else if (line.Split(": ", 2) is [var field, var value])
            {
                LastId = field == "id" ? value : LastId;
                data = field == "data" ? value : data;
            }
        }
    }
}
