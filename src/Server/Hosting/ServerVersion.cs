using System.Reflection;

namespace StoriesCli.Server.Hosting;

/// <summary>What this build calls itself.</summary>
internal static class ServerVersion
{
    public static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
