using System.Diagnostics;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>The published server where a library of the system is missing. A file that is none, found first, is as good as no library.</summary>
public sealed class SystemLibraryTests : IDisposable
{
    private readonly DirectoryInfo _libraries = Directory.CreateTempSubdirectory("stories-library-");

    public void Dispose() => _libraries.Delete(recursive: true);

    [Fact]
    public async Task Without_OpenSSL_it_says_what_to_install_instead_of_aborting()
    {
        Hide("libssl.so.3", "libssl.so.1.1");
        var start = new ProcessStartInfo(Published.Server, ["--data", Path.Combine(_libraries.FullName, "data")]);
        start.Environment["LD_LIBRARY_PATH"] = _libraries.FullName;

        var run = await CommandRun.OfAsync(start);

        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith("stories-server: OpenSSL 3 (libssl.so.3) is missing").And.Contain("libssl3");
    }

    [Fact]
    public async Task Without_the_library_of_Cpp_it_serves_and_says_what_to_install_for_pictures()
    {
        Hide("libstdc++.so.6");

        await using var server = await RealServer.StartAsync(new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = _libraries.FullName });

        using var http = new HttpClient();
        var ready = await http.GetAsync(new Uri(server.Url, "/readyz"));
        ((int)ready.StatusCode).Should().Be(200, "stories are taken and served, and only posters are missing");
        (await ready.Content.ReadAsStringAsync()).Should().StartWith("ready\npictures: ").And.Contain("libstdc++6");
        await Eventually.TrueAsync(() => server.Log.Any(line => line.Contains("libstdc++.so.6 is missing")));
        server.Log.Should().ContainSingle(line => line.Contains("libstdc++.so.6 is missing") && line.Contains("libstdc++6"));
    }

    private void Hide(params string[] names) =>
        names.ToList().ForEach(name => File.WriteAllText(Path.Combine(_libraries.FullName, name), ""));
}
