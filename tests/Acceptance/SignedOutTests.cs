using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>A terminal UI that was left open after its token had ended.</summary>
public sealed class SignedOutTests
{
    [Fact]
    public async Task It_asks_now_and_then_whether_the_token_holds_again_and_for_nothing_else()
    {
        await using var server = await RealServer.StartAsync("--log-requests", "all");
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        for (var slot = 0; slot < 9; slot++)
        {
            (await bob.StoriesAsync("post", "--text", $"number {slot}", "--slot", $"s/{slot}")).Succeeded();
        }
        await using var terminal = await TmuxRobot.OpenAsync(100, 24, ana.Environment);
        await terminal.PressAsync("stories", "Enter");
        await terminal.SeesAsync("8 new");
        var token = (await ana.StoriesJsonAsync("whoami")).GetProperty("tokenId").GetString()!;
        (await ana.StoriesAsync("token", "revoke", token)).Succeeded();
        await terminal.SeesAsync("● signed out");

        await terminal.PressAsync("Right", "Right", "Right", "Right");
        await Eventually.TrueAsync(() => Refused("/v1/events") >= 2, TimeSpan.FromSeconds(60));

        // What was under way when the token ended may be among them.
        Refused("/v1/stories").Should().BeLessThan(3);

        int Refused(string path) => server.Log.Count(line => line.Contains($"GET {path} answered 401", StringComparison.Ordinal));
    }
}
