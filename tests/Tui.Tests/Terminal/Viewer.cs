using StoriesCli.Testing;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>The terminal UI, as this assembly run as a program of its own shows it.</summary>
internal static class Viewer
{
    private const string Name = "view";

    /// <summary>The command that shows this server to a new account.</summary>
    public static async Task<string> CommandAsync(ServerHost host, string handle)
    {
        // The program has the machine's clock, and would find every story expired.
        if (DateTimeOffset.UtcNow - host.Clock.GetUtcNow() is { Ticks: > 0 } behind)
        {
            host.Clock.Advance(behind);
        }
        return $"dotnet {typeof(Viewer).Assembly.Location} {Name} {host.Url} {await host.JoinAsync(handle)}";
    }

    /// <returns>Null for arguments that are not its own.</returns>
    public static async Task<int?> RunAsync(string[] arguments)
    {
        if (arguments is not [Name, var server, var token, .. var images])
        {
            return null;
        }
        var mode = images is [var how] ? Enum.Parse<ImageMode>(how) : ImageMode.Blocks;
        Environment.SetEnvironmentVariable("DisableRealDriverIO", null);
        using var client = new ApiClient(new(server), token, new() { Retries = 0 });
        return await TuiApp.RunAsync(
            new(client) { Images = mode, InTmux = Environment.GetEnvironmentVariable("TMUX") is { Length: > 0 } },
            CancellationToken.None
        );
    }
}
