using System.Collections.Concurrent;
using System.Security.Cryptography;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using Xunit.Abstractions;

namespace StoriesCli.Acceptance;

[Collection(HeavyLoad.Name)]
public sealed class ConsistencyTests(ITestOutputHelper output)
{
    private const int Readers = 8,
        Posters = 2;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("STORIES_LONG") == "1" ? 60 : 8);

    private readonly ConcurrentDictionary<string, string> _posted = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<int, string> _ids = new();
    private int _count;
    private long _reads;

    [Fact]
    public async Task Eight_readers_beside_two_posters_see_no_error_and_no_wrong_document()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        using var time = new CancellationTokenSource(Duration);

        await Task.WhenAll(
            Enumerable
                .Range(0, Posters)
                .Select(_ => RepeatAsync(ana.Token, server.Url, PostAsync, time.Token))
                .Concat(Enumerable.Range(0, Readers).Select(_ => RepeatAsync(ana.Token, server.Url, ReadAsync, time.Token)))
        );

        _faults.Should().BeEmpty();
        _posted.Should().HaveCountGreaterThan(100);
        _reads.Should().BeGreaterThan(1000);
        output.WriteLine(
            $"measured: {Duration.TotalSeconds} s, {Readers} readers: {_reads} reads, {Posters} posters: {_posted.Count} posts, 0 errors, 0 wrong documents"
        );
    }

    private Task RepeatAsync(string token, Uri url, Func<ApiClient, Task> actAsync, CancellationToken time) =>
        Task.Run(
            async () =>
            {
                using var api = new ApiClient(url, token, new() { Retries = 0 });
                while (!time.IsCancellationRequested && _faults.IsEmpty)
                {
                    try
                    {
                        await actAsync(api);
                    }
                    catch (Exception e) when (e is ApiException or ServerUnreachableException or IOException)
                    {
                        _faults.Enqueue(e.ToString());
                    }
                }
            },
            CancellationToken.None
        );

    private async Task PostAsync(ApiClient api)
    {
        var text = Convert.ToHexString(RandomNumberGenerator.GetBytes(Random.Shared.Next(10, 1000)));
        var story = await api.Stories.PostTextAsync(new NewStory { Text = text }, ApiClient.NewIdempotencyKey());
        _posted[story.Id] = text;
        _ids[Interlocked.Increment(ref _count) - 1] = story.Id;
    }

    private async Task ReadAsync(ApiClient api)
    {
        if (!_ids.TryGetValue(Random.Shared.Next(Math.Max(1, Volatile.Read(ref _count))), out var id))
        {
            await Task.Yield();
            return;
        }
        switch (Random.Shared.Next(4))
        {
            case 0:
                var page = await api.Stories.ListAsync(new() { Limit = 50 });
                CheckOrder(page.Items);
                Array.ForEach(page.Items, Check);
                break;
            case 1:
                await using (var media = await api.Media.OpenAsync(id))
                {
                    using var text = new StreamReader(media.Content);
                    Check(id, await text.ReadToEndAsync());
                }
                break;
            default:
                var story = await api.Stories.GetAsync(id);
                Check(id, story.Id == id ? story.Text! : $"another story: {story.Id}");
                break;
        }
        Interlocked.Increment(ref _reads);
    }

    private void Check(Story story)
    {
        // One that was listed before its poster had its answer is not known yet.
        if (_posted.ContainsKey(story.Id))
        {
            Check(story.Id, story.Text!);
        }
    }

    private void Check(string id, string text)
    {
        if (text != _posted[id])
        {
            _faults.Enqueue($"{id} is {text}, not {_posted[id]}");
        }
    }

    private void CheckOrder(Story[] stories)
    {
        var ids = stories.Select(story => story.Id).ToArray();
        if (!ids.SequenceEqual(ids.Distinct().OrderDescending(StringComparer.Ordinal)))
        {
            _faults.Enqueue($"the list is not newest first: {string.Join(' ', ids)}");
        }
    }
}
