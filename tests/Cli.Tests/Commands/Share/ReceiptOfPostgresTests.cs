using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public sealed class ReceiptOfPostgresTests
{
    [Fact]
    public async Task It_says_where_the_texts_may_still_lie()
    {
        var cluster = await PostgresCluster.CommonAsync();
        await using var server = await ServerProcess.StartAsync("--database", await cluster.NewDatabaseAsync());
        using var shell = new Shell();
        await shell.RunWithInputAsync(await server.JoinAsOwnerAsync("ana"), "login", server.Url.ToString());
        var id = (await shell.RunAsync("post", "--text", "secret", "--quiet")).Out.Trim();
        (await shell.RunAsync("rm", id)).ExitCode.Should().Be(0);

        Ran? receipt = null;
        await Eventually.TrueAsync(async () => (receipt = await shell.RunAsync("receipt", id)).ExitCode == 0);

        receipt!.Out.Should().Contain(id);
        receipt.Error.Should().Contain("The server cannot erase its texts in the files and backups of PostgreSQL.");
    }
}
