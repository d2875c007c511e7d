using System.Net;
using System.Security.Cryptography;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>Two servers on one database whose clocks are ten seconds apart: one five seconds ahead, one as much behind.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private static readonly TimeSpan Off = TimeSpan.FromSeconds(5),
        Life = TimeSpan.FromMinutes(5);

    private readonly string _secret = Path.GetTempFileName();
    private string _database = "";

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_secret, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        _database = await (await PostgresCluster.CommonAsync()).NewDatabaseAsync();
    }

    public Task DisposeAsync()
    {
        File.Delete(_secret);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(+1)]
    [InlineData(-1)]
    public async Task Neither_shows_what_has_expired_by_its_own_clock_or_was_deleted_or_revoked_and_the_other_one_takes_over(int sign)
    {
        await using var writer = await StartAsync(sign * Off);
        var token = await writer.JoinAsync("ana");
        await using var follower = await StartAsync(-sign * Off);
        using var first = writer.Wire(token);
        using var second = follower.Wire(token);
        var (short1, short2, deleted) = (await PostAsync(first, "5m"), await PostAsync(second, "5m"), await PostAsync(second, "1h"));
        foreach (var id in (string[])[short1, short2, deleted])
            await BecomesAsync(second, id, HttpStatusCode.OK);
        var made = await second.PostJsonAsync("/v1/tokens", """{ "name": "other", "scopes": ["read"] }""");
        using var other = writer.Wire(made.Json.GetProperty("token").GetString());
        using var otherThere = follower.Wire(made.Json.GetProperty("token").GetString());
        await Eventually.TrueAsync(async () => (await otherThere.GetAsync("/v1/tray")).Status == HttpStatusCode.OK);
        (await other.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.OK);

        (await first.SendAsync(HttpMethod.Delete, $"/v1/stories/{deleted}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await first.SendAsync(HttpMethod.Delete, $"/v1/tokens/{made.Json.GetProperty("id").GetString()}", null))
            .Status.Should()
            .Be(HttpStatusCode.NoContent);
        await BecomesAsync(second, deleted, HttpStatusCode.Gone);
        await Eventually.TrueAsync(async () => (await otherThere.GetAsync("/v1/tray")).Status == HttpStatusCode.Unauthorized);

        // Both clocks go on until the one that is ahead has reached the end, and then the one that is behind.
        var (ahead, behind) = sign > 0 ? (first, second) : (second, first);
        var ends = (await ahead.GetAsync($"/v1/stories/{short1}")).Json.GetProperty("expiresAt").GetDateTimeOffset();
        var (clockAhead, clockBehind) = sign > 0 ? (writer.Clock, follower.Clock) : (follower.Clock, writer.Clock);
        var step = ends - clockAhead.GetUtcNow();
        clockBehind.Advance(step);
        clockAhead.Advance(step);
        await BecomesAsync(ahead, short1, HttpStatusCode.Gone);
        clockBehind.Advance(2 * Off);
        await BecomesAsync(behind, short1, HttpStatusCode.Gone);
        foreach (var wire in (Wire[])[first, second])
        {
            (await wire.GetAsync($"/v1/stories/{short1}/media")).Status.Should().Be(HttpStatusCode.Gone);
            (await wire.GetAsync("/v1/stories")).Text.Should().NotContain(short1);
        }

        await writer.StopAsync();
        var late = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var answer = await second.PostJsonAsync("/v1/stories", """{ "text": "late" }""", ("Idempotency-Key", "late"));
                late = answer.Status == HttpStatusCode.Created ? answer.Json.GetProperty("id").GetString()! : "";
                return late.Length > 0;
            },
            TimeSpan.FromSeconds(15)
        );
        (await second.GetAsync($"/v1/stories/{short1}")).Status.Should().Be(HttpStatusCode.Gone);
        (await second.GetAsync($"/v1/stories/{deleted}")).Status.Should().Be(HttpStatusCode.Gone);
        (await otherThere.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await second.GetAsync("/v1/stories")).Json.GetProperty("items")[0].GetProperty("id").GetString().Should().Be(late);
    }

    private Task<ServerHost> StartAsync(TimeSpan off) =>
        ServerHost.StartAsync(
            options =>
            {
                var port = FreePort.Find();
                return options with
                {
                    Database = PostgresAddress.Parse(_database),
                    PeerListen = new($"http://127.0.0.1:{port}", "127.0.0.1", port, null),
                    PeerSecretFile = _secret,
                    Follows = true,
                };
            },
            off
        );

    private static async Task<string> PostAsync(Wire wire, string ttl)
    {
        var posted = await wire.PostJsonAsync("/v1/stories", $$"""{ "text": "card", "ttl": "{{ttl}}" }""");
        posted.Status.Should().Be(HttpStatusCode.Created, posted.Text);
        return posted.Json.GetProperty("id").GetString()!;
    }

    private static Task BecomesAsync(Wire wire, string id, HttpStatusCode status) =>
        Eventually.TrueAsync(async () => (await wire.GetAsync($"/v1/stories/{id}")).Status == status, TimeSpan.FromSeconds(5));
}
