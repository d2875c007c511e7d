using System.Diagnostics;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

/// <summary>Where a library of the system is missing. A file that is none, found first, is as good as no library.</summary>
public sealed class SystemLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-library-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--listen", "http://127.0.0.1:0")]
    [InlineData("--check-config")]
    [InlineData("owner-invite")]
    [InlineData("--no-such-option")]
    public async Task Without_OpenSSL_the_server_says_what_to_install_and_touches_nothing(params string[] arguments)
    {
        var data = Path.Combine(_folder, "data");

        var run = await RunAsync([.. arguments, "--data", data]);

        run.ExitCode.Should().Be(2);
        run.Error.Should()
            .StartWith("stories-server: OpenSSL 3 (libssl.so.3) is missing")
            .And.Contain("libssl3")
            .And.Contain("openssl-libs");
        run.Error.Count(c => c == '\n').Should().Be(1);
        Directory.Exists(data).Should().BeFalse();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task Help_needs_no_library(string word) => (await RunAsync(word)).ExitCode.Should().Be(0);

    [Fact]
    public async Task Without_the_image_library_the_server_is_ready_all_the_same_and_says_what_is_missing()
    {
        // A file keeps the library from being unpacked.
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "server.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(data, "lib"), "");
        using var server = Process.Start(Server("--data", data, "--listen", "http://127.0.0.1:0"))!;
        try
        {
            CommandRun? health = null;
            await Eventually.TrueAsync(async () =>
                (health = await CommandRun.OfAsync(Server("health", "--data", data))).ExitCode == 0 || server.HasExited
            );

            health!.Out.Should().StartWith("ready; pictures: have no posters, and are taken unchecked: ");
        }
        finally
        {
            server.Kill();
        }
    }

    private static ProcessStartInfo Server(params string[] arguments) =>
        new(ServerProgram.Path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };

    private Task<CommandRun> RunAsync(params string[] arguments)
    {
        var libraries = Directory.CreateDirectory(Path.Combine(_folder, "lib")).FullName;
        foreach (var name in new[] { "libssl.so.3", "libssl.so.1.1" })
        {
            File.WriteAllText(Path.Combine(libraries, name), "");
        }
        var start = Server(arguments);
        start.Environment["LD_LIBRARY_PATH"] = libraries;
        return CommandRun.OfAsync(start);
    }
}
