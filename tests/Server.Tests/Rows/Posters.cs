using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>
/// People who post without end. Each post has an idempotency key, and is tried again until it is answered, as a client does whose server
/// or database goes away.
/// </summary>
internal sealed class Posters : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Func<Uri> _url;
    private readonly string _token;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _posting;
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();
    private int _tried;

    public Posters(Func<Uri> url, string token, int count = 4)
    {
        (_url, _token) = (url, token);
        _posting = Task.WhenAll(Enumerable.Range(0, count).Select(poster => Task.Run(() => PostUntilFailedAsync(poster))));
    }

    /// <summary>Text of each acknowledged post, and its id.</summary>
    public IReadOnlyDictionary<string, string> Acknowledged => _acknowledged;

    /// <summary>Posts that were not answered at once.</summary>
    public int TriedAgain => _tried;

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _posting;
    }

    /// <summary>Waits until as many more are acknowledged.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">A post was answered as none should be.</exception>
    public async Task MoreAsync(int count)
    {
        var wanted = _acknowledged.Count + count;
        await Eventually.TrueAsync(() => _acknowledged.Count >= wanted || _posting.IsCompleted);
        if (_posting.IsCompleted)
            await _posting;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _posting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Each acknowledged post is there once, with its id, and no other is there twice.</summary>
    public async Task CheckAsync(Wire wire)
    {
        var found = new List<(string Text, string Id)>();
        string? after = null;
        do
        {
            var page = await wire.GetAsync($"/v1/stories?limit=100{(after is null ? "" : $"&cursor={Uri.EscapeDataString(after)}")}");
            page.Status.Should().Be(HttpStatusCode.OK, page.Text);
            found.AddRange(
                page.Json.GetProperty("items")
                    .EnumerateArray()
                    .Select(it => (it.GetProperty("text").GetString()!, it.GetProperty("id").GetString()!))
            );
            after =
                page.Json.TryGetProperty("nextCursor", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        } while (after is not null);
        found.GroupBy(it => it.Text).Where(it => it.Count() > 1).Select(it => it.Key).Should().BeEmpty("one key has one effect");
        var ids = found.ToDictionary(it => it.Text, it => it.Id);
        _acknowledged.Where(it => ids.GetValueOrDefault(it.Key) != it.Value).Should().BeEmpty("nothing acknowledged is lost");
    }

    private async Task PostUntilFailedAsync(int poster)
    {
        try
        {
            await PostAsync(poster);
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task PostAsync(int poster)
    {
        using var wire = new Wire(_url, _token);
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var text = $"post-{i}-of-{poster}";
            while (await TryPostAsync(wire, text) is null && !_stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref _tried);
                await Task.Delay(Pause);
            }
        }
    }

    private async Task<string?> TryPostAsync(Wire wire, string text)
    {
        WireAnswer answer;
        try
        {
            answer = await wire.PostJsonAsync("/v1/stories", JsonSerializer.Serialize(new { text }), ("Idempotency-Key", text));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
        if (answer.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway)
        {
            answer.Header("Retry-After").Should().NotBeNull();
            return null;
        }
        answer.Status.Should().Be(HttpStatusCode.Created, answer.Text);
        return _acknowledged[text] = answer.Json.GetProperty("id").GetString()!;
    }
}
