using System.Diagnostics;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests;

/// <summary>The program where OpenSSL is missing. A file that is none, found first, is as good as no library.</summary>
public sealed class SystemLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-library-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("list", "--server", "https://127.0.0.1:1", "--retry", "0")]
    [InlineData("count", "--server", "http://127.0.0.1:1", "--retry", "0")]
    public async Task Without_OpenSSL_it_says_what_to_install_instead_of_aborting(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith("stories: OpenSSL 3 (libssl.so.3) is missing").And.Contain("libssl3").And.Contain("openssl-libs");
        run.Error.Count(c => c == '\n').Should().Be(1);
    }

    [Theory]
    [InlineData(0, "--version")]
    [InlineData(0, "list", "--help")]
    [InlineData(6, "list", "--server", "http://127.0.0.1:1", "--retry", "0")]
    public async Task What_needs_no_OpenSSL_works_without(int exitCode, params string[] arguments) =>
        (await RunAsync(arguments)).ExitCode.Should().Be(exitCode);

    private Task<CommandRun> RunAsync(string[] arguments)
    {
        foreach (var name in new[] { "libssl.so.3", "libssl.so.1.1" })
        {
            File.WriteAllText(Path.Combine(_folder, name), "");
        }
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "stories"), arguments);
        start.Environment["LD_LIBRARY_PATH"] = _folder;
        start.Environment["STORIES_TOKEN"] = "sty_x";
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_CACHE_HOME"] = _folder;
        return CommandRun.OfAsync(start);
    }
}
