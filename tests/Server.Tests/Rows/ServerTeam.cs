using System.Net;
using System.Security.Cryptography;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>Several servers on one database, each a process of its own. The first one writes.</summary>
internal sealed class ServerTeam : IAsyncDisposable
{
    private readonly string _secretFile = Path.Combine(Path.GetTempPath(), $"stories-secret-{Guid.NewGuid():N}");
    private readonly List<ServerProcess> _servers = [];
    private readonly List<Wire> _wires = [];
    private string[] _options = [];
    private int _next;

    private ServerTeam(PostgresCluster cluster, string database, string token) => (Cluster, Database, Token) = (cluster, database, token);

    public PostgresCluster Cluster { get; }

    public string Database { get; }

    /// <summary>Token of the owner.</summary>
    public string Token { get; private set; }

    public IReadOnlyList<ServerProcess> Servers => _servers;

    public static async Task<ServerTeam> StartAsync(PostgresCluster cluster, int count = 2, params string[] options) =>
        await StartAsync(cluster, await cluster.NewDatabaseAsync(), count, options);

    public static async Task<ServerTeam> StartAsync(PostgresCluster cluster, string database, int count, params string[] options)
    {
        var team = new ServerTeam(cluster, database, "") { _options = options };
        await File.WriteAllTextAsync(team._secretFile, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        for (var i = 0; i < count; i++)
            await team.AddAsync(team.Database);
        if (count > 0)
            await team.JoinAsync();
        return team;
    }

    /// <summary>Makes the owner, at the first server.</summary>
    public async Task JoinAsync() => Token = await Servers[0].JoinAsOwnerAsync("ana");

    /// <param name="database">Its database.</param>
    /// <param name="more">Options that the others do not have.</param>
    public async Task<ServerProcess> AddAsync(string database, params string[] more)
    {
        var server = await ServerProcess.StartAsync([
            "--database",
            database,
            "--listen-peers",
            $"http://127.0.0.1:{FreePort.Find()}",
            "--peer-secret-file",
            _secretFile,
            .. _options,
            .. more,
        ]);
        _servers.Add(server);
        return server;
    }

    /// <summary>Adds a server that reaches the database through a gate. Dispose the gate.</summary>
    public async Task<NetworkGate> AddBehindGateAsync()
    {
        var database = new UriBuilder(Database);
        var gate = new NetworkGate(new UriBuilder("http", database.Host, database.Port).Uri);
        database.Port = gate.Url.Port;
        await AddAsync(database.Uri.ToString());
        return gate;
    }

    /// <summary>The owner at one server.</summary>
    public Wire At(int server) => At(() => _servers[server].Url);

    /// <summary>Another server each time, of those that run.</summary>
    public Uri Any()
    {
        var running = _servers.Where(server => !server.HasEnded).ToList();
        return running[Interlocked.Increment(ref _next) % running.Count].Url;
    }

    public Wire At(Func<Uri> url)
    {
        var wire = new Wire(url, Token);
        _wires.Add(wire);
        return wire;
    }

    /// <summary>Waits until a server answers reads.</summary>
    public Task UntilReadableAsync(int server) =>
        Eventually.TrueAsync(async () => (await At(server).GetAsync("/v1/tray")).Status == HttpStatusCode.OK);

    /// <summary>Waits until a server answers a change.</summary>
    public async Task<TimeSpan> UntilWritableAsync(int server, TimeSpan within)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var wire = At(server);
        await Eventually.TrueAsync(
            async () =>
                (await wire.PostJsonAsync("/v1/stories", $$"""{ "text": "probe {{Guid.NewGuid()}}" }""")).Status == HttpStatusCode.Created,
            within
        );
        return watch.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        _wires.ForEach(wire => wire.Dispose());
        foreach (var server in _servers)
            await server.DisposeAsync();
        File.Delete(_secretFile);
    }
}
