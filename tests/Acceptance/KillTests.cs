using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace StoriesCli.Acceptance;

[Collection(HeavyLoad.Name)]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int TextPosters = 5,
        MostBetweenKills = 40;
    private static readonly int Kills = Environment.GetEnvironmentVariable("STORIES_LONG") == "1" ? 500 : 20;

    [Fact]
    public async Task Kills_during_posting_lose_nothing_acknowledged()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var photo = await File.ReadAllBytesAsync(Published.Sample("photo.jpg"));
        var acknowledged = new ConcurrentDictionary<string, string>();

        for (var kill = 0; kill < Kills; kill++)
        {
            using var http = ana.Http();
            var round = new Round(1 + Random.Shared.Next(MostBetweenKills));
            var posters = Task.WhenAll(
                Enumerable
                    .Repeat(MakeText, TextPosters)
                    .Append(() => (new ByteArrayContent(photo), null))
                    .Select(make => PostUntilKilledAsync(http, round, make))
            );
            await Task.WhenAny(round.Enough, posters).WaitAsync(TimeSpan.FromSeconds(60));
            await server.KillAsync();
            await posters;
            await server.RestartAsync();
            await CheckAsync(ana, round.Acknowledged);
            foreach (var (id, sha256) in round.Acknowledged)
            {
                acknowledged[id] = sha256;
            }
        }

        await CheckAsync(ana, acknowledged);
        acknowledged.Should().HaveCountGreaterThan(Kills);
        output.WriteLine($"measured: {Kills} kills under {TextPosters + 1} posters: {acknowledged.Count} acknowledged, 0 lost");
    }

    private static async Task PostUntilKilledAsync(HttpClient http, Round round, Func<(HttpContent Body, string? Sha256)> make)
    {
        while (true)
        {
            var (body, sha256) = make();
            JsonNode story;
            try
            {
                using var answer = await http.PostAsync("/v1/stories", body);
                answer.StatusCode.Should().Be(HttpStatusCode.Created);
                story = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return;
            }
            var stored = (string)story["media"]!["sha256"]!;
            stored.Should().Be(sha256 ?? stored);
            round.Add((string)story["id"]!, stored);
        }
    }

    private static (HttpContent Body, string? Sha256) MakeText()
    {
        var text = Convert.ToHexString(RandomNumberGenerator.GetBytes(Random.Shared.Next(20, 4000)));
        return (
            JsonContent.Create(new JsonObject { ["text"] = text }),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
        );
    }

    private static async Task CheckAsync(Person person, IReadOnlyDictionary<string, string> expected)
    {
        using var http = person.Http();
        var found = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(
            expected.Keys,
            async (id, cancel) =>
            {
                using var answer = await http.GetAsync($"/v1/stories/{id}/media", cancel);
                found[id] =
                    answer.StatusCode == HttpStatusCode.OK
                        ? Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(cancel)))
                        : $"{answer.StatusCode}";
            }
        );
        expected.Where(story => found[story.Key] != story.Value).Select(story => $"{story.Key}: {found[story.Key]}").Should().BeEmpty();
    }

    /// <summary>What was acknowledged between two kills, and when that is enough for the next.</summary>
    private sealed class Round(int wanted)
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentDictionary<string, string> Acknowledged { get; } = new();

        public Task Enough => _enough.Task;

        public void Add(string id, string sha256)
        {
            Acknowledged[id] = sha256;
            if (Acknowledged.Count >= wanted)
            {
                _enough.TrySetResult();
            }
        }
    }
}
