using System.Diagnostics;
using System.Globalization;

namespace StoriesCli.Testing;

/// <summary>
/// A real PostgreSQL on a free port of 127.0.0.1, from the packages of the system, with its files in a temporary directory. It ends with the
/// test process, however that ends.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Role = "stories";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresCluster>> Common = new(() => StartAsync(isDurable: false));

    private readonly string _folder;
    private readonly int _port;
    private readonly bool _isDurable;
    private Process? _process;
    private int _databases;

    private PostgresCluster(string folder, int port, bool isDurable) => (_folder, _port, _isDurable) = (folder, port, isDurable);

    private string Data => Path.Combine(_folder, "data");

    /// <summary>One cluster for all tests of the process. It does not wait for its disk.</summary>
    public static Task<PostgresCluster> CommonAsync() => Common.Value;

    /// <param name="isDurable">Whether it waits for its disk, for tests that kill it.</param>
    public static async Task<PostgresCluster> StartAsync(bool isDurable)
    {
        var folder = Directory.CreateTempSubdirectory("stories-postgres-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var cluster = new PostgresCluster(folder, FreePort.Find(), isDurable);
        (
            await RunAsync("initdb", "-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        ).Succeeded();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Delete();
        await cluster.StartAgainAsync();
        await cluster.QueryAsync("postgres", $"create role {Role} login");
        return cluster;
    }

    /// <summary>A new empty database, which belongs to a role without any other right.</summary>
    /// <returns>Its URL, for <c>--database</c>.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await QueryAsync("postgres", $"create database {name} owner {Role}");
        return UrlOf(name);
    }

    /// <summary>Runs a statement as the superuser.</summary>
    /// <param name="database">Name, or URL, of the database.</param>
    /// <param name="sql">The statement.</param>
    /// <returns>The rows, with a bar between two fields.</returns>
    public async Task<string> QueryAsync(string database, string sql) =>
        (
            await RunAsync(
                "psql",
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-p",
                $"{_port}",
                "-U",
                "postgres",
                "-c",
                sql,
                database.Split('/')[^1]
            )
        )
            .Succeeded()
            .Out.TrimEnd('\n');

    /// <summary>Starts a standby that has everything this one acknowledges: from now on, a commit waits for it.</summary>
    public async Task<PostgresCluster> StartStandbyAsync()
    {
        var folder = Directory.CreateTempSubdirectory("stories-postgres-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var standby = new PostgresCluster(folder, FreePort.Find(), _isDurable);
        (
            await RunAsync(
                "pg_basebackup",
                "-D",
                standby.Data,
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
                "-h",
                "127.0.0.1",
                "-p",
                $"{_port}",
                "-U",
                "postgres"
            )
        ).Succeeded();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => standby.Delete();
        await standby.StartAgainAsync();
        await QueryAsync("postgres", "alter system set synchronous_standby_names = '*'");
        await QueryAsync("postgres", "select pg_reload_conf()");
        await Eventually.TrueAsync(
            async () => await QueryAsync("postgres", "select count(*) from pg_stat_replication where sync_state = 'sync'") == "1",
            Patience
        );
        return standby;
    }

    /// <summary>From now on the role of the databases needs a password, and TLS with a certificate for <c>localhost</c>.</summary>
    /// <param name="password">Its password.</param>
    /// <returns>Path of the certificate, which is its own authority.</returns>
    public async Task<string> RequireTlsAsync(string password)
    {
        var (certificate, key) = (Path.Combine(_folder, "tls.pem"), Path.Combine(_folder, "tls.key"));
        await LocalhostCertificate.WriteAsync(certificate, key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        // PostgreSQL takes no key that others can read, nor one of another account.
        var install =
            $"install -m 600 '{certificate}' '{Data}/server.crt' && install -m 600 '{key}' '{Data}/server.key'"
            + $" && printf 'host all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n' >'{Data}/pg_hba.conf'";
        (await CommandRun.OfAsync(As("bash", "-c", install))).Succeeded();
        await QueryAsync("postgres", $"alter role {Role} password '{password}'");
        await QueryAsync("postgres", "alter system set ssl = on");
        await QueryAsync("postgres", "select pg_reload_conf()");
        await Eventually.TrueAsync(async () => await QueryAsync("postgres", "show ssl") == "on", Patience);
        return certificate;
    }

    /// <summary>Makes a standby the primary.</summary>
    public async Task PromoteAsync() => (await RunAsync("pg_ctl", "-D", Data, "-w", "promote")).Succeeded();

    /// <summary>The same database, named with the hosts of both.</summary>
    public string AlsoAt(PostgresCluster other, string database) =>
        database.Replace($"127.0.0.1:{_port}", $"127.0.0.1:{_port},127.0.0.1:{other._port}", StringComparison.Ordinal);

    /// <summary>A database of another one, at this one.</summary>
    public string UrlOf(string database) => $"postgres://{Role}@127.0.0.1:{_port}/{database.Split('/')[^1]}";

    /// <summary>Kills its first process as <c>kill -9</c> does. The others end when they notice.</summary>
    public async Task KillAsync()
    {
        var first = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        (await CommandRun.OfAsync(new("kill", ["-9", first]))).Succeeded();
        _process!.StandardInput.Dispose();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public async Task CrashAsync()
    {
        (await RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop")).Succeeded();
        _process!.StandardInput.Dispose();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again on its files, at the same port.</summary>
    public async Task StartAgainAsync()
    {
        string[] settings =
        [
            $"port={_port}",
            "listen_addresses=127.0.0.1",
            $"unix_socket_directories={_folder}",
            "max_connections=200",
            .. _isDurable ? Array.Empty<string>() : ["fsync=off", "full_page_writes=off"],
        ];
        var server = string.Join(' ', settings.Select(setting => $"-c '{setting}'"));
        // Its input ends when the test process does, also when that is killed.
        var script = $"'{Program("postgres")}' -D '{Data}' {server} >'{_folder}/log' 2>&1 & cat; kill -QUIT $!; wait";
        var start = As("bash", "-c", script);
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        await Eventually.TrueAsync(async () => (await RunAsync("pg_isready", "-h", "127.0.0.1", "-p", $"{_port}")).ExitCode == 0, Patience);
    }

    public ValueTask DisposeAsync()
    {
        Delete();
        return ValueTask.CompletedTask;
    }

    private void Delete()
    {
        if (_process is { } process)
        {
            _process = null;
            process.StandardInput.Dispose();
            process.WaitForExit(Patience);
            process.Dispose();
        }
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static Task<CommandRun> RunAsync(string program, params string[] arguments) =>
        CommandRun.OfAsync(As(Program(program), arguments));

    /// <summary>A program as the account under which PostgreSQL runs, which refuses to run as root.</summary>
    public static ProcessStartInfo As(string program, params string[] arguments) =>
        Environment.UserName == "root"
            ? new("runuser", ["-u", "postgres", "--", program, .. arguments]) { WorkingDirectory = "/" }
            : new(program, arguments) { WorkingDirectory = "/" };

    /// <summary>Path of a program of PostgreSQL. Debian has those of each version in a folder of its own, and only some of them on PATH.</summary>
    public static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Order(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin", name))
                .Last(File.Exists)
            : name;
}
