using System.Reflection;

namespace StoriesCli.Server.Hosting;

/// <summary>Version of this build.</summary>
internal static class ServerVersion
{
    public static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
