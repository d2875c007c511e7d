using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>Purpose of a listener. Connections carry it as a feature.</summary>
internal enum ListenerUse
{
    Api,
    Metrics,
    Host,
    Peers,
}

/// <summary>Addresses on which the server listens, and their purposes.</summary>
internal static class Listeners
{
    private const int RequestLineBytes = 64 * 1024;
    private const int SmallBodyBytes = 64 * 1024;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    private sealed record UseFeature(ListenerUse Use);

    public static void UseListeners(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopGrace);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        // After Kestrel's own, because the last one counts.
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemory>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Routes that take files raise this limit themselves.
            kestrel.Limits.MaxRequestBodySize = SmallBodyBytes;
            // A caption of 2,048 emoji in a query takes 24 KiB.
            kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
            kestrel.RequestHeaderEncodingSelector = DigitsOnly.For;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));
            var certificate = options is { TlsCertificate: { } file, TlsKey: { } key }
                ? new TlsCertificate(
                    file,
                    key,
                    kestrel.ApplicationServices.GetRequiredService<TimeProvider>(),
                    kestrel.ApplicationServices.GetRequiredService<ILogger<TlsCertificate>>()
                )
                : null;
            foreach (var address in options.Listen)
            {
                Listen(kestrel, address, ListenerUse.Api, options.SpeaksTls(address) ? certificate : null);
            }
            if (options.MetricsListen is { } metrics)
            {
                Listen(kestrel, metrics, ListenerUse.Metrics, certificate: null);
            }
            if (options.PeerListen is { } peers)
            {
                Listen(kestrel, peers, ListenerUse.Peers, certificate: null);
            }
            if (AdminSocket.FindPath(options.Data) is { } socket)
            {
                Listen(kestrel, new("", null, 0, socket), ListenerUse.Host, certificate: null);
            }
        });
    }

    /// <summary>Addresses of the API. Kestrel lists the addresses of all listeners in the order of configuration.</summary>
    public static IReadOnlyList<string> PublicUrls(this WebApplication app) =>
        [.. app.Urls.Take(app.Services.GetRequiredService<ServerOptions>().Listen.Count)];

    /// <summary>Routes requests to the metrics and the host's socket to their own handlers; all others pass on.</summary>
    public static void UseOwnListeners(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ServerOptions>();
        if (options.MetricsListen is not null)
        {
            app.MapWhen(
                context => UseOf(context) == ListenerUse.Metrics,
                branch => branch.Run(app.Services.GetRequiredService<PrometheusPage>().AnswerAsync)
            );
        }
        app.MapWhen(
            context => UseOf(context) == ListenerUse.Host,
            branch => branch.Run(app.Services.GetRequiredService<AdminSocket>().AnswerAsync)
        );
        foreach (var path in options.Listen.Select(address => address.SocketPath).OfType<string>())
        {
            app.Lifetime.ApplicationStarted.Register(() => File.SetUnixFileMode(path, options.ListenMode));
        }
        if (AdminSocket.FindPath(options.Data) is { } socket)
        {
            // Until here the directory's mode has kept others out.
            app.Lifetime.ApplicationStarted.Register(() => PrivateFile.Restrict(socket));
        }
    }

    /// <summary>Whether another server passed the request on.</summary>
    public static bool IsFromPeer(this HttpContext context) => UseOf(context) == ListenerUse.Peers;

    private static ListenerUse UseOf(HttpContext context) => context.Features.Get<UseFeature>()?.Use ?? ListenerUse.Api;

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, ListenerUse use, TlsCertificate? certificate)
    {
        void Configure(ListenOptions listener)
        {
            var feature = new UseFeature(use);
            listener.Use(next =>
                connection =>
                {
                    connection.Features.Set(feature);
                    return next(connection);
                }
            );
            if (certificate is not null)
            {
                listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current) });
            }
            listener.UseRefusals(kestrel.ApplicationServices.GetRequiredService<ServerOptions>().ReaderPatience);
        }
        if (address.SocketPath is { } path)
        {
            // The directory's own lock covers the socket in the data directory.
            if (path != AdminSocket.FindPath(kestrel.ApplicationServices.GetRequiredService<ServerOptions>().Data))
                SocketFile.Claim(path);
            // A socket that a killed server left would block the address.
            SocketFile.RemoveStale(path);
            kestrel.ListenUnixSocket(path, Configure);
        }
        else if (address.Host == "localhost" && address.Port != 0)
        {
            kestrel.ListenLocalhost(address.Port, Configure);
        }
        else
        {
            kestrel.Listen(address.Host == "localhost" ? IPAddress.Loopback : Resolve(address.Host!), address.Port, Configure);
        }
    }

    /// <exception cref="System.Net.Sockets.SocketException">The name is unknown.</exception>
    public static IPAddress Resolve(string host) => IPAddress.TryParse(host, out var ip) ? ip : Dns.GetHostAddresses(host)[0];
}
