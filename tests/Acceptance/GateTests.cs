namespace StoriesCli.Acceptance;

/// <summary>A job that waits for people outlasts what happens to its line.</summary>
public sealed class GateTests
{
    [Fact]
    public async Task A_wait_goes_on_when_its_line_is_cut()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        using var line = new CutLine(server.Url);
        var gate = (await ana.StoriesAsync("post", "--text", "go?", "--poll", "Go?", "--option", "yes", "--option", "no", "--quiet")).Succeeded().Out.Trim();
        var waiting = ana.RunAsync("env", [$"STORIES_URL={line.Url}", "STORIES_TOKEN=" + ana.Token, Published.Stories, "wait", gate, "--acks", "1", "--poll", "yes>=1", "--timeout", "60s", "--retry", "1"]);

        (await bob.StoriesAsync("ack", gate)).Succeeded();
        line.Cut();
        (await bob.StoriesAsync("vote", gate, "yes")).Succeeded();

        (await waiting).Succeeded().Out.Should().Contain(gate);
    }
}
