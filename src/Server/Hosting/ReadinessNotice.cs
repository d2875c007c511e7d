using Microsoft.Extensions.Hosting.Systemd;

namespace StoriesCli.Server.Hosting;

/// <summary>Tells whoever started the server when it is ready and when it stops, as systemd wants to be told.</summary>
internal static class ReadinessNotice
{
    /// <summary>Whenever somebody listens. AddSystemd speaks only to a parent that is systemd itself: a unit that starts the server through a script would wait for ever.</summary>
    public static void AddReadinessNotice(this IServiceCollection services)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>().AddSingleton<IHostLifetime, SystemdLifetime>();
        }
    }
}
