using System.Diagnostics;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Releases;

/// <summary>What <c>script/release</c> makes of the published programs, compressed little.</summary>
public sealed class Release : IAsyncLifetime
{
    public const string Version = "1.2.3",
        NextVersion = "1.2.4-rc.1";

    private static readonly string[] Parts = ["tarballs", "deb", "apt", "rpm", "npm", "oci", "installer"];

    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("stories-release-");

    /// <summary>System of the published programs, as .NET names it.</summary>
    public static string Rid { get; } = Path.GetFileName(Published.Folder);

    /// <summary>Architecture of the published programs, as Debian names it.</summary>
    public static string Architecture { get; } = Rid.EndsWith("arm64", StringComparison.Ordinal) ? "arm64" : "amd64";

    public string Folder => Path.Combine(_work.FullName, "files");

    public Task InitializeAsync() => MakeAsync(Folder, Version, Parts);

    public Task DisposeAsync()
    {
        _work.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A file of the release.</summary>
    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>A new empty folder, which ends with the release.</summary>
    public string NewFolder() => _work.CreateSubdirectory(Guid.NewGuid().ToString("N")[..8]).FullName;

    public static async Task MakeAsync(string folder, string version, params string[] parts) =>
        (
            await RunAsync(
                Published.Script("release"),
                ["--programs", Path.GetDirectoryName(Published.Folder)!, "--systems", Rid, "--out", folder, "--fast", version, .. parts]
            )
        ).Succeeded();

    /// <summary>Runs a program that knows nothing of the user's stories.</summary>
    public static Task<CommandRun> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetTempPath() };
        Person.Forget(start.Environment);
        start.Environment["LC_ALL"] = "C.UTF-8";
        return CommandRun.OfAsync(start);
    }

    /// <summary>Unpacks a package's files into a new folder.</summary>
    public async Task<string> UnpackAsync(string package)
    {
        var folder = NewFolder();
        (await RunAsync("dpkg-deb", "--extract", File($"{package}_{Version}_{Architecture}.deb"), folder)).Succeeded();
        return folder;
    }
}
