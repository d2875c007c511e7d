using System.Diagnostics;
using System.Globalization;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Examples;

/// <summary>Two boxes and a witness with the examples for patroni from docs/examples; only addresses, folders and names are changed to those of a test.</summary>
internal sealed class PatroniPair : IAsyncDisposable
{
    private const string Password = "change-me-postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-patroni-").FullName;
    private readonly int[] _database = [FreePort.Find(), FreePort.Find()];
    private readonly int[] _status = [FreePort.Find(), FreePort.Find()];
    private readonly int[] _raft = [FreePort.Find(), FreePort.Find(), FreePort.Find()];
    private readonly Process?[] _processes = new Process?[3];

    /// <summary>A database of its own on both boxes, for <c>--database</c>.</summary>
    public string Url => $"postgres://stories@127.0.0.1:{_database[0]},127.0.0.1:{_database[1]}/stories";

    public async Task StartAsync()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        await StartBoxAsync(0);
        var witness = Path.Combine(_folder, "witness.yml");
        await File.WriteAllTextAsync(
            witness,
            Published.Adapted(
                "patroni-witness.yml",
                ("/var/lib/postgresql/raft", Path.Combine(_folder, "witness")),
                ("10.1.2.1:2380", $"127.0.0.1:{_raft[0]}"),
                ("10.1.2.2:2380", $"127.0.0.1:{_raft[1]}"),
                ("10.1.2.3:2380", $"127.0.0.1:{_raft[2]}")
            )
        );
        _processes[2] = Start("patroni_raft_controller", witness);
        // The first box makes the database, so it leads.
        await UntilLeadsAsync(0);
        await StartBoxAsync(1);
        await UntilStandsByAsync(1);
        await QueryAsync(0, "postgres", "create role stories login");
        await QueryAsync(0, "postgres", "create database stories owner stories");
    }

    /// <summary>Kills patroni and PostgreSQL of the box that leads, as a power cut does.</summary>
    /// <returns>The box.</returns>
    public async Task<int> KillLeaderAsync()
    {
        var leader = await QueryAsync(0, "postgres", "select pg_is_in_recovery()") == "f" ? 0 : 1;
        var first = (await File.ReadAllLinesAsync(Path.Combine(_folder, $"data{leader}", "postmaster.pid")))[0];
        var patroni = (await File.ReadAllTextAsync(PidOf(ConfigurationOf(leader)))).Trim();
        (await CommandRun.OfAsync(new("kill", ["-9", patroni, first]))).Succeeded();
        return leader;
    }

    /// <summary>Waits until patroni lets a box lead.</summary>
    public Task UntilLeadsAsync(int box) =>
        UntilAsync(async () => (await RunAsync(box, "postgres", "select pg_is_in_recovery()")).Out.TrimEnd('\n') == "f");

    /// <summary>Starts the box that was killed, which becomes the standby of the other.</summary>
    public async Task StartAgainAsync(int box)
    {
        await EndAsync(box);
        _processes[box] = Start("patroni", ConfigurationOf(box));
        await UntilStandsByAsync(box);
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < _processes.Length; i++)
        {
            await EndAsync(i);
        }
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartBoxAsync(int box)
    {
        var other = 1 - box;
        await File.WriteAllTextAsync(
            ConfigurationOf(box),
            Published.Adapted(
                "patroni.yml",
                ("name: one", box == 0 ? "name: one" : "name: two"),
                ("self_addr: 10.1.2.1:2380", $"self_addr: 127.0.0.1:{_raft[box]}"),
                ("10.1.2.2:2380", $"127.0.0.1:{_raft[other]}"),
                ("10.1.2.3:2380", $"127.0.0.1:{_raft[2]}"),
                ("10.1.2.1:8008", $"127.0.0.1:{_status[box]}"),
                ("10.1.2.1:5432", $"127.0.0.1:{_database[box]}"),
                (
                    "host all all 10.1.2.0/24 scram-sha-256",
                    "host all stories 127.0.0.1/32 trust\n    - host all all 127.0.0.1/32 scram-sha-256"
                ),
                ("10.1.2.0/24", "127.0.0.1/32"),
                ("/var/lib/postgresql/raft", Path.Combine(_folder, $"raft{box}")),
                ("/var/lib/postgresql/stories", Path.Combine(_folder, $"data{box}")),
                ("/var/lib/postgresql/patroni.pgpass", Path.Combine(_folder, $"pgpass{box}")),
                ("/usr/lib/postgresql/15/bin", Path.GetDirectoryName(PostgresCluster.Program("postgres"))!),
                ("/var/run/postgresql", _folder)
            )
        );
        _processes[box] = Start("patroni", ConfigurationOf(box));
    }

    private string ConfigurationOf(int box) => Path.Combine(_folder, $"{box}.yml");

    private static string PidOf(string configuration) => configuration + ".pid";

    // Its input ends when the test process does, also when that is killed. patroni stops PostgreSQL when it is stopped.
    private static Process Start(string program, string configuration)
    {
        var script = $"{program} '{configuration}' >>'{configuration}.log' 2>&1 & echo $! >'{PidOf(configuration)}'; cat; kill $!; wait";
        var start = PostgresCluster.As("bash", "-c", script);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private async Task EndAsync(int i)
    {
        if (_processes[i] is not { } process)
        {
            return;
        }
        _processes[i] = null;
        process.StandardInput.Dispose();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    // PostgreSQL says so some seconds before patroni has noted it, and only what is noted is promoted.
    private Task UntilStandsByAsync(int box) => UntilAsync(async () => await IsOkAsync($"http://127.0.0.1:{_status[box]}/synchronous"));

    private static async Task<bool> IsOkAsync(string url)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(new Uri(url));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It has not started yet.
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync(condition, Patience);
        }
        catch (TimeoutException e)
        {
            var logs = Directory.GetFiles(_folder, "*.log").Order(StringComparer.Ordinal).Select(File.ReadAllText);
            throw new InvalidOperationException(string.Join('\n', logs), e);
        }
    }

    private async Task<string> QueryAsync(int box, string database, string sql) =>
        (await RunAsync(box, database, sql)).Succeeded().Out.TrimEnd('\n');

    private Task<CommandRun> RunAsync(int box, string database, string sql)
    {
        var start = new ProcessStartInfo(
            PostgresCluster.Program("psql"),
            ["-XqAt", "-h", "127.0.0.1", "-p", _database[box].ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-c", sql, database]
        );
        start.Environment["PGPASSWORD"] = Password;
        return CommandRun.OfAsync(start);
    }
}
