using System.Globalization;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>What the documents tell people to put into a crontab, run as cron does: by <c>sh</c>, with almost no environment.</summary>
public sealed partial class RecipeTests
{
    private const string Yesterday = "yesterday's backup";

    private static readonly string[] BackupFiles =
    [
        "stories.tar",
        "stories-3.tar",
        $"{DateTime.Now:yyyy-MM-dd}.tar",
        $"{DateTime.Now.ToString("ddd", CultureInfo.InvariantCulture)}.tar",
    ];

    public static TheoryData<string> Jobs => [.. AllJobs];

    /// <summary>Those that end with a file in the place of another, of crontabs and of <c>sh</c> blocks.</summary>
    public static TheoryData<string> Backups =>
        [
            .. Published
                .Documents.SelectMany(document => Shell().Matches(Published.Read(document)))
                .SelectMany(block => block.Groups["script"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                .Concat(AllJobs)
                .Where(line =>
                    line.Contains("backup", StringComparison.Ordinal)
                    && line.Contains(".tar", StringComparison.Ordinal)
                    && !line.Contains("stories run", StringComparison.Ordinal)
                ),
        ];

    private static IEnumerable<string> AllJobs =>
        Published.Documents.SelectMany(document => Block().Matches(Published.Read(document)).SelectMany(JobsOf));

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Every_job_of_a_crontab_works_as_cron_runs_it(string job)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        var run = await RunAsync(ana, server, job, $"{Published.Folder}:/usr/local/bin:/usr/bin:/bin");

        (run.ExitCode, run.Error).Should().Be((0, run.Error));
    }

    [Theory]
    [MemberData(nameof(Backups))]
    public async Task A_backup_that_fails_leaves_the_last_one_as_it_was(string recipe)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var folder = Directory.CreateDirectory(Path.Combine(ana.Home, "backups")).FullName;
        var kept = BackupFiles
            .SelectMany(name => (string[])[Path.Combine(ana.Home, name), Path.Combine(folder, name)])
            .Append(Path.Combine(folder, "old.tar"))
            .ToArray();
        foreach (var file in kept)
        {
            await File.WriteAllTextAsync(file, Yesterday);
        }
        File.SetLastWriteTimeUtc(Path.Combine(folder, "old.tar"), DateTime.UtcNow.AddDays(-40));

        // Once as cron would without the line that sets PATH, and once with no server.
        var bare = await RunAsync(ana, server, recipe, "/usr/bin:/bin");
        var unknown = await RunAsync(ana, server, recipe, $"{Published.Folder}:/usr/bin:/bin", token: "sty_none");
        await server.KillAsync();
        var away = await RunAsync(ana, server, recipe, $"{Published.Folder}:/usr/bin:/bin");

        (bare.ExitCode, away.ExitCode)
            .Should()
            .Match<(int Bare, int Away)>(it => it.Bare != 0 && it.Away != 0, "{0}{1}{2}", bare.Error, unknown.Error, away.Error);
        kept.Where(File.Exists).Should().Equal(kept);
        kept.Should().OnlyContain(file => File.ReadAllText(file) == Yesterday);
        await server.RestartAsync();
    }

    [Fact]
    public async Task Going_back_after_an_update_gives_the_older_server_its_database()
    {
        await using var server = await RealServer.StartAsync();
        (await server.TerminateAsync()).Should().Be(0);
        Directory.Delete(server.DataPath, recursive: true);
        Directory.CreateDirectory(server.DataPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await CommandRun.OfAsync(new("tar", ["-xzf", Published.OlderData, "-C", server.DataPath]))).Succeeded();
        await server.RestartAsync();
        var before = await File.ReadAllBytesAsync(Path.Combine(server.DataPath, "stories.schema-1.db"));
        (await server.TerminateAsync()).Should().Be(0);
        var block = Shell()
            .Matches(Published.Read("docs/host/upgrade.md"))
            .Single(it => it.Value.Contains("stories.schema-1.db", StringComparison.Ordinal));

        (
            await CommandRun.OfAsync(
                new("bash", ["-euc", block.Groups["script"].Value.Replace("/var/lib/stories", server.DataPath, StringComparison.Ordinal)])
            )
        ).Succeeded();

        (await File.ReadAllBytesAsync(Path.Combine(server.DataPath, "stories.db"))).Should().Equal(before);
        Directory.GetFiles(server.DataPath, "stories.*").Should().ContainSingle("the log and the checksums are the newer server's");
    }

    private static Task<CommandRun> RunAsync(Person person, RealServer server, string job, string path, string? token = null)
    {
        Scripts.WriteTo(person.Home);
        File.Copy(Published.Sample("photo.jpg"), Path.Combine(person.Home, "photo.jpg"), overwrite: true);
        var tokenFile = Path.Combine(person.Home, "token");
        File.WriteAllText(tokenFile, token ?? person.Token);
        File.SetUnixFileMode(tokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(Path.Combine(person.Home, "backups"));
        var command = job.Replace(@"\%", "%", StringComparison.Ordinal)
            .Replace("/var/backups/stories", Path.Combine(person.Home, "backups"), StringComparison.Ordinal)
            .Replace("/var/lib/stories-new", Path.Combine(person.Home, $"restored-{Guid.NewGuid():N}"), StringComparison.Ordinal)
            .Replace("/var/lib/stories", server.DataPath, StringComparison.Ordinal);
        return person.RunAsync(
            "env",
            [
                "-i",
                $"HOME={person.Home}",
                $"PATH={path}",
                $"STORIES_URL={server.Url.ToString().TrimEnd('/')}",
                $"STORIES_TOKEN_FILE={tokenFile}",
                "/bin/sh",
                "-ec",
                command,
            ]
        );
    }

    private static IEnumerable<string> JobsOf(Match block) =>
        block
            .Groups["script"]
            .Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Job().Match(line))
            .Where(job => job.Success)
            .Select(job => job.Groups["command"].Value);

    [GeneratedRegex(@"^```crontab\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```sh\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex(@"^([\d*/,-]+ ){5}(?<command>.+)$")]
    private static partial Regex Job();
}
