using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Server.Storage.Files;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class ProgressTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-progress-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_follows_the_position_and_is_removed_at_the_end()
    {
        var time = new FakeTimeProvider();
        var terminal = new StringWriter();
        var done = 0L;

        using (var line = new ProgressLine(terminal, "reading", () => done, 4096, time))
        {
            done = 1024;
            time.Advance(TimeSpan.FromMilliseconds(200));
            line.Dispose();
            done = 4096;
            time.Advance(TimeSpan.FromSeconds(1));
        }

        terminal.ToString().Should().Be("\r\e[Kreading: 0 B of 4 KiB (0 %)\r\e[Kreading: 1 KiB of 4 KiB (25 %)\r\e[K");
    }

    [Fact]
    public void Without_a_total_the_bytes_so_far_are_told()
    {
        var terminal = new StringWriter();

        using (new ProgressLine(terminal, "writing", () => 3 * 512 * 1024, total: null, new FakeTimeProvider())) { }

        terminal.ToString().Should().Be("\r\e[Kwriting: 1.5 MiB\r\e[K");
    }

    [Fact]
    public async Task Long_commands_show_it_on_a_terminal_and_nowhere_else()
    {
        await using var host = await ServerHost.StartAsync();
        var (archive, second, restored) = (
            Path.Combine(_folder, "a.tar"),
            Path.Combine(_folder, "b.tar"),
            Path.Combine(_folder, "restored")
        );

        var backup = await OnTerminalAsync($"backup {archive} --data {host.DataPath}");
        var verify = await OnTerminalAsync($"verify {archive}");
        var restore = await OnTerminalAsync($"restore {archive} --data {restored}");

        backup.Should().Contain("\r\e[Kwriting the archive: ").And.Contain("\r\e[Kreading it back: ").And.Contain("is written and whole");
        verify.Should().Contain("\r\e[Kreading the archive: ").And.Contain("is whole");
        restore.Should().Contain("\r\e[Krestoring: ").And.Contain("is restored into");
        foreach (
            var arguments in new[]
            {
                $"backup {second} --data {host.DataPath}",
                $"verify {second}",
                $"restore {second} --data {restored}-2",
            }
        )
        {
            var run = await CommandRun.OfAsync(new ProcessStartInfo(ServerProgram.Path, arguments.Split(' ')));
            run.Succeeded();
            (run.Out + run.Error).Should().NotContain("\e").And.NotContain("\r");
        }
    }

    [Fact]
    public async Task The_copy_before_a_change_of_the_database_shows_it_too()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "old")).FullName;
        (await CommandRun.OfAsync(new ProcessStartInfo("tar", ["-xzf", FixtureTests.FixturePath(1), "-C", data]))).Succeeded();
        File.Delete(Path.Combine(data, "known.txt"));

        var opened = await OnTerminalAsync($"owner-invite --data {data}");

        opened.Should().Contain("from schema 1 to 3").And.Contain("\r\e[Kcopying the database: ").And.Contain("Become an owner");
    }

    private static async Task<string> OnTerminalAsync(string arguments)
    {
        var start = new ProcessStartInfo("script", ["-qec", $"{ServerProgram.Path} {arguments}", "/dev/null"]);
        start.Environment["TERM"] = "xterm";
        return (await CommandRun.OfAsync(start)).Succeeded().Out;
    }
}
