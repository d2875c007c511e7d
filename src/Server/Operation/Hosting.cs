using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace StoriesCli.Server.Operation;

/// <summary>How Kestrel listens and what is logged, by the options.</summary>
internal static class Hosting
{
    private const int SmallBodyBytes = 64 * 1024;
    private static readonly TimeSpan SlowRequest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    public static void UseListeners(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopGrace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Routes that take files raise it for themselves.
            kestrel.Limits.MaxRequestBodySize = SmallBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));
            foreach (var address in options.Listen)
            {
                Listen(kestrel, address);
            }
        });
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address)
    {
        if (address.SocketPath is { } path)
        {
            // One that a killed server left behind would refuse the address.
            File.Delete(path);
            kestrel.ListenUnixSocket(path);
        }
        else if (address.Host == "localhost" && address.Port != 0)
        {
            kestrel.ListenLocalhost(address.Port);
        }
        else
        {
            kestrel.Listen(address.Host == "localhost" ? IPAddress.Loopback : Resolve(address.Host!), address.Port);
        }
    }

    private static IPAddress Resolve(string host) => IPAddress.TryParse(host, out var ip) ? ip : Dns.GetHostAddresses(host)[0];

    public static void UseStoriesLogging(this WebApplicationBuilder builder, ServerOptions options)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.LogLevel, ignoreCase: true))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .Enrich.FromLogContext();
        _ = options.LogFormat == "json"
            ? configuration.WriteTo.Console(new RenderedCompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose)
            : configuration.WriteTo.Console(
                outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: System.Globalization.CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose);
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(configuration.CreateLogger(), dispose: true);
    }

    /// <summary>Failures and slow requests by default: logging each one would nearly double what a request costs. Never the query, which may hold a signed link.</summary>
    public static void UseRequestLog(this WebApplication app) => app.UseSerilogRequestLogging(log =>
    {
        log.MessageTemplate = "{RequestMethod} {RequestPath} answered {StatusCode} in {Elapsed:0.0} ms";
        log.GetLevel = (_, elapsedMs, exception) =>
            exception is not null ? LogEventLevel.Error
            : elapsedMs > SlowRequest.TotalMilliseconds ? LogEventLevel.Information
            : LogEventLevel.Debug;
    });
}
