using System.CommandLine;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Operation;

/// <summary><c>stories-server purge --dry-run</c>: whether anything is on the disk that should not be.</summary>
internal static class PurgeCommand
{
    private const int Nothing = 0, Found = 1, Failed = 2;

    public static Command Make(Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        var data = HostCommands.DataOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Lists and removes nothing. It must be given: what is to go, the running server removes by itself every 30 seconds." };
        var command = new Command(
            "purge",
            "Lists whatever is on the disk that no row accounts for, and every file of a story that is missing or damaged, for which it reads all media: kind, bytes and path, parted by tabs. Ends with 0 when there is nothing, 1 when there is something, 2 when it could not look. The server may run or not.") { data, dryRun };
        command.SetAction((parsed, cancel) => parsed.GetValue(dryRun)
            ? HostCommands.WithOptionsAsync(parsed.GetValue(data), options => HostCommands.TryAsync(async () =>
                Tell(await AdminSocket.TryFindLeftOversAsync(options.Data, cancel).ConfigureAwait(false) ?? await FindStoppedAsync(options, build, cancel).ConfigureAwait(false)), Failed))
            : RefuseAsync());
        return command;
    }

    /// <summary>Without a server: holds the data directory for a moment, so that none starts meanwhile.</summary>
    private static async Task<IReadOnlyList<LeftOver>> FindStoppedAsync(ServerOptions options, Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build, CancellationToken cancel)
    {
        HostCommands.VerifyThere(options.Data);
        using var directory = DataDirectory.OpenToLook(options.Data);
        await using var app = build(options, directory, TimeProvider.System);
        // Asked for only because every store is made with it, so that their rows are known; what it does at a start would change the disk.
        app.Services.GetRequiredService<Start>();
        await app.Services.GetRequiredService<Database>().OpenAsync().ConfigureAwait(false);
        return await app.Services.GetRequiredService<LeftOvers>().FindAsync(isAlone: true, cancel).ConfigureAwait(false);
    }

    private static int Tell(IReadOnlyList<LeftOver> found)
    {
        foreach (var it in found)
        {
            Console.Out.WriteLine($"{it.Kind}\t{it.Bytes.ToString(CultureInfo.InvariantCulture)}\t{CleanText.OneLine(it.Path)}");
        }
        Console.Error.WriteLine(found.Count == 0 ? "stories-server: nothing is on the disk that no row accounts for, and no file of a story is damaged." : $"stories-server: found {found.Count}; see docs/operations.md.");
        return found.Count == 0 ? Nothing : Found;
    }

    private static async Task<int> RefuseAsync()
    {
        await Console.Error.WriteLineAsync("stories-server: purge only looks: say --dry-run. The running server removes what belongs to no story every 30 seconds.").ConfigureAwait(false);
        return Failed;
    }
}
