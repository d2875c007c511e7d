using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using StoriesCli.Testing;
using Xunit.Abstractions;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>Three servers on one database, while each of their parts is killed, stopped or cut off at random.</summary>
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private const int Servers = 3,
        PostsAfterEachFault = 20,
        LogLines = 2000;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(20),
        // A server that has heard nothing for five seconds answers 503. The rest is for this machine, which has few processors.
        DeletedIsGoneAfter = TimeSpan.FromSeconds(6);

    [LongFact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_deleted_is_shown_whatever_fails()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        await using var team = await ServerTeam.StartAsync(cluster, count: 0);
        var gates = new List<NetworkGate>();
        try
        {
            for (var i = 0; i < Servers; i++)
            {
                gates.Add(await team.AddBehindGateAsync());
            }
            await team.JoinAsync();
            await using var posters = new Posters(team.Any, team.Token);
            await using var deleter = new Deleter(team);
            var faults = new SortedDictionary<string, int>();
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < Duration; )
            {
                await posters.MoreAsync(PostsAfterEachFault);
                var fault = await FailAsync(random, cluster, team, gates);
                var kind = fault.Split(' ')[^1];
                faults[kind] = faults.GetValueOrDefault(kind) + 1;
                output.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {fault}, {posters.Acknowledged.Count} posts");
                deleter.ThrowIfFailed();
            }
            await posters.MoreAsync(PostsAfterEachFault);
            await posters.StopAsync();
            await deleter.StopAsync();
            output.WriteLine(
                $"measured: {string.Join(", ", faults.Select(it => $"{it.Value} × {it.Key}"))}: {posters.Acknowledged.Count} posts acknowledged, {posters.TriedAgain} tries not answered, {deleter.Deleted} deleted, {deleter.Reads} reads of them"
            );
            deleter.Reads.Should().BePositive();
            for (var i = 0; i < Servers; i++)
            {
                await team.UntilReadableAsync(i);
                await posters.CheckAsync(team.At(i));
            }
        }
        catch
        {
            foreach (var (i, server) in team.Servers.Index())
                output.WriteLine($"server {i}, ended: {server.HasEnded}\n{string.Join('\n', server.Log.TakeLast(LogLines))}");
            throw;
        }
        finally
        {
            gates.ForEach(gate => gate.Dispose());
        }
    }

    private static async Task<string> FailAsync(Random random, PostgresCluster cluster, ServerTeam team, List<NetworkGate> gates)
    {
        var which = random.Next(Servers);
        var (server, gate) = (team.Servers[which], gates[which]);
        var duration = TimeSpan.FromSeconds(random.NextDouble() * random.Next(1, 31));
        switch (random.Next(6))
        {
            case 0:
                await server.KillAsync();
                await server.StartAgainAsync();
                return $"server {which} killed";
            case 1:
                await server.SignalAsync("TERM");
                await Eventually.TrueAsync(() => server.HasEnded);
                await server.StartAgainAsync();
                return $"server {which} ended";
            case 2:
                await server.SignalAsync("STOP");
                await Task.Delay(duration);
                await server.SignalAsync("CONT");
                return $"server {which} stopped";
            case 3:
                gate.Close();
                await Task.Delay(duration);
                gate.Open();
                return $"server {which} cut off";
            case 4:
                gate.Swallow();
                await Task.Delay(duration);
                gate.Pass();
                return $"server {which} unreachable";
            default:
                await cluster.CrashAsync();
                await cluster.StartAgainAsync();
                return "database crashed";
        }
    }

    /// <summary>Posts, deletes, and reads what it has deleted at every server.</summary>
    private sealed class Deleter : IAsyncDisposable
    {
        private const int RemembersAtMost = 50;
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

        private readonly ServerTeam _team;
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<(string Id, long At)> _deleted = new();
        private readonly Task[] _work;

        public Deleter(ServerTeam team)
        {
            _team = team;
            _work = [Task.Run(DeleteAsync), .. Enumerable.Range(0, team.Servers.Count).Select(i => Task.Run(() => ReadAsync(i)))];
        }

        public int Deleted { get; private set; }

        public int Reads;

        public void ThrowIfFailed()
        {
            // All of them run until they are stopped, so the first failure must not wait for the others.
            Array.Find(_work, work => work.IsFaulted)?.GetAwaiter().GetResult();
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_work);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task DeleteAsync()
        {
            using var wire = new Wire(_team.Any, _team.Token);
            for (var i = 0; !_stop.IsCancellationRequested; i++)
            {
                var key = $"short-lived-{i}";
                var posted = await UntilAnsweredAsync(() =>
                    wire.PostJsonAsync("/v1/stories", $$"""{ "text": "{{key}}" }""", ("Idempotency-Key", key))
                );
                if (posted is null)
                    return;
                var id = posted.Json.GetProperty("id").GetString()!;
                var deleted = await UntilAnsweredAsync(() => wire.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null));
                if (deleted is null)
                    return;
                // The first try of it can have been carried out without an answer.
                deleted.Status.Should().BeOneOf([HttpStatusCode.NoContent, HttpStatusCode.Gone, HttpStatusCode.NotFound], deleted.Text);
                Deleted++;
                _deleted.Enqueue((id, Stopwatch.GetTimestamp()));
                if (_deleted.Count > RemembersAtMost)
                    _deleted.TryDequeue(out _);
            }
        }

        private async Task ReadAsync(int server)
        {
            using var wire = new Wire(() => _team.Servers[server].Url, _team.Token);
            while (!_stop.IsCancellationRequested)
            {
                foreach (var (id, at) in _deleted.Where(it => Stopwatch.GetElapsedTime(it.At) > DeletedIsGoneAfter))
                {
                    if (await TryAsync(() => wire.GetAsync($"/v1/stories/{id}")) is not { } answer)
                        continue;
                    Interlocked.Increment(ref Reads);
                    answer.Status.Should().NotBe(HttpStatusCode.OK, $"it was deleted {Stopwatch.GetElapsedTime(at)} ago");
                }
                await Task.Delay(Pause);
            }
        }

        private async Task<WireAnswer?> UntilAnsweredAsync(Func<Task<WireAnswer>> send)
        {
            while (!_stop.IsCancellationRequested)
            {
                if (await TryAsync(send) is { Status: not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway) } answer)
                    return answer;
                await Task.Delay(Pause);
            }
            return null;
        }

        private static async Task<WireAnswer?> TryAsync(Func<Task<WireAnswer>> send)
        {
            try
            {
                return await send();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return null;
            }
        }
    }
}
