using Microsoft.Extensions.Hosting.Systemd;

namespace StoriesCli.Server.Hosting;

/// <summary>Tells the program that started the server when it is ready and when it stops, by systemd's protocol.</summary>
internal static class ReadinessNotice
{
    /// <summary>Whenever something listens. AddSystemd notifies only a parent that is systemd itself, so a unit that starts the server through a script would wait for ever.</summary>
    public static void AddReadinessNotice(this IServiceCollection services)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>().AddSingleton<IHostLifetime, SystemdLifetime>();
        }
    }
}
