using StoriesCli.Testing;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>The terminal UI, as this assembly run as a program of its own shows it.</summary>
internal static class Viewer
{
    private const string Name = "view",
        Report = "report";

    /// <summary>Behind its command: it reads the terminal as where it cannot wait for it.</summary>
    public const string Polls = "polls";

    /// <summary>The command that prints how pictures are shown.</summary>
    public static string ReportCommand => $"dotnet {typeof(Viewer).Assembly.Location} {Report}";

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
        if (arguments is [Report])
        {
            var report = await PictureReport.FindAsync(ImageMode.Auto, Environment.GetEnvironmentVariable, 0, CancellationToken.None);
            Console.WriteLine($"found: {report.Found}");
            Console.WriteLine($"advice: {report.Advice}");
            return 0;
        }
        if (arguments is not [Name, var server, var token, .. var more])
        {
            return null;
        }
        var mode = more is [var how] && how != Polls ? Enum.Parse<ImageMode>(how) : ImageMode.Blocks;
        Environment.SetEnvironmentVariable("DisableRealDriverIO", null);
        using var client = new ApiClient(new(server), token, new() { Retries = 0 });
        return await TuiApp.RunAsync(
            new(client)
            {
                Images = mode,
                Polls = more is [Polls],
                InTmux = Environment.GetEnvironmentVariable("TMUX") is { Length: > 0 },
            },
            CancellationToken.None
        );
    }
}
