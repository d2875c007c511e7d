using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Features.Live;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;

namespace StoriesCli.Testing;

/// <summary>The real server on a free port of 127.0.0.1, with a real database in a temporary directory. Only the clock is controlled by the test.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private readonly string _directory;
    private readonly ServerOptions _options;
    private readonly List<ApiClient> _clients = [];
    private readonly List<Wire> _wires = [];
    private DataDirectory? _data;
    private WebApplication? _app;
    private string? _owner;

    private ServerHost(string directory, ServerOptions options, FakeTimeProvider clock)
    {
        _directory = directory;
        _options = options;
        Clock = clock;
    }

    /// <summary>The server's clock, which stands still until the test advances it.</summary>
    public FakeTimeProvider Clock { get; }

    public Uri Url { get; private set; } = null!;

    public string DataPath => _options.Data;

    /// <summary>The server's services, for tests that look behind the API.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>Number of open event streams.</summary>
    public int ListenerCount => Services.GetRequiredService<EventBroadcaster>().ListenerCount;

    /// <summary>Number of viewers of all live terminals.</summary>
    public int LiveViewerCount => Services.GetRequiredService<LiveTerminals>().ViewerCount;

    public static Task<ServerHost> StartAsync() => StartAsync(options => options);

    /// <summary>A server that may send webhooks to this machine.</summary>
    public static Task<ServerHost> StartWithWebhooksToHereAsync() =>
        StartAsync(options => options with { WebhookAllow = [System.Net.IPNetwork.Parse("127.0.0.0/8")] });

    /// <summary>A server that uses TLS with this certificate, given as PEM files.</summary>
    public static Task<ServerHost> StartWithTlsAsync(string certificate, string key) =>
        StartAsync(options => options with { TlsCertificate = certificate, TlsKey = key });

    /// <param name="configure">Changes its options.</param>
    /// <param name="off">How far its clock is ahead of those of other servers.</param>
    internal static async Task<ServerHost> StartAsync(Func<ServerOptions, ServerOptions> configure, TimeSpan off = default)
    {
        var directory = Directory.CreateTempSubdirectory("stories-test-").FullName;
        var options = configure(
            new ServerOptions
            {
                Data = Path.Combine(directory, "data"),
                Listen = [new("http://127.0.0.1:0", "127.0.0.1", 0, null)],
                DiskFloorBytes = 0,
                LogLevel = "error",
            }
        );
        var host = new ServerHost(
            directory,
            options,
            new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.Zero) + off)
        );
        await host.StartAgainAsync();
        return host;
    }

    /// <summary>A server on an existing data directory, which is not deleted with the host.</summary>
    public static Task<ServerHost> OpenAsync(string data, DateTimeOffset now) => OpenAsync(data, now, options => options);

    internal static async Task<ServerHost> OpenAsync(string data, DateTimeOffset now, Func<ServerOptions, ServerOptions> configure)
    {
        var empty = Directory.CreateTempSubdirectory("stories-test-").FullName;
        var options = configure(
            new()
            {
                Data = data,
                Listen = [new("http://127.0.0.1:0", "127.0.0.1", 0, null)],
                DiskFloorBytes = 0,
                LogLevel = "error",
            }
        );
        var host = new ServerHost(empty, options, new FakeTimeProvider(now));
        await host.StartAgainAsync();
        return host;
    }

    /// <summary>Signs somebody in with an invite from the owner. The first account is the owner.</summary>
    public async Task<ApiClient> SignInAsync(string handle, string role = Roles.Member) => Client(await JoinAsync(handle, role));

    /// <summary>Makes an account and returns its token.</summary>
    public async Task<string> JoinAsync(string handle, string role = Roles.Member)
    {
        string code;
        if (_owner is null)
        {
            code = await File.ReadAllTextAsync(Path.Combine(DataPath, "owner-invite"));
        }
        else
        {
            // The server may have another port since the owner joined.
            using var owner = new ApiClient(Url, _owner);
            code = (await owner.Invites.CreateAsync(new NewInvite { Role = role })).Code;
        }
        using var anyone = new ApiClient(Url, token: null);
        var joined = await anyone.Accounts.JoinAsync(new JoinRequest { Code = code, Handle = handle });
        _owner ??= joined.Token;
        return joined.Token;
    }

    /// <summary>A client with this token that is disposed with the host.</summary>
    public ApiClient Client(string? token)
    {
        var client = new ApiClient(Url, token);
        _clients.Add(client);
        return client;
    }

    /// <summary>A client of the owner. Somebody must have joined.</summary>
    public ApiClient Owner() => Client(_owner);

    /// <summary>Raw HTTP with this token, or without one.</summary>
    public Wire Wire(string? token)
    {
        var wire = new Wire(() => Url, token);
        _wires.Add(wire);
        return wire;
    }

    /// <summary>Stops the server and starts it again on the same data. The port changes, because another test may have taken the old one.</summary>
    /// <param name="away">How long it is stopped, by its clock. Days pass at once, while a running server would wake up for each of its timers.</param>
    public async Task RestartAsync(TimeSpan away = default)
    {
        await StopAsync();
        Clock.Advance(away);
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
        foreach (var wire in _wires)
        {
            wire.Dispose();
        }
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Starts it again on its data, after <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        _data = DataDirectory.Open(_options.Data);
        try
        {
            _app = Program.Build(_options, _data, Clock);
            await _app.Services.GetRequiredService<Start>().OpenAsync();
            await _app.StartAsync();
        }
        catch
        {
            // A test that expects the refusal may start another server there.
            await StopAsync();
            throw;
        }
        Url = new(_app.PublicUrls()[0]);
    }

    /// <summary>Stops it as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
        _data?.Dispose();
    }
}
