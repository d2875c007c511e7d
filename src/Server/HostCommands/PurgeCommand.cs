using System.CommandLine;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands;

/// <summary><c>stories-server purge --dry-run</c>: lists everything on the disk that should not be there.</summary>
internal static class PurgeCommand
{
    private const int Nothing = 0,
        Found = 1,
        Failed = 2;

    public static Command Make(Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        var data = HostCommands.DataOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "List what is left over, and remove nothing." };
        var unknownMedia = new Option<bool>("--unknown-media")
        {
            Description =
                "Delete all media files that belong to no story, even those that the server keeps because there are many. This cannot be undone.",
        };
        var missingMedia = new Option<bool>("--missing-media")
        {
            Description = "End all stories that lack a file. The server must be stopped. This cannot be undone.",
        };
        var command = new Command(
            "purge",
            "List everything on the disk that belongs to no row, and every missing or damaged file of a story: kind, bytes and path, separated by tabs. It reads all media. Exit code: 0 when there is nothing, 1 when there is something, 2 when it could not look. The server may be running or stopped."
        )
        {
            data,
            dryRun,
            unknownMedia,
            missingMedia,
        };
        command.SetAction(
            (parsed, cancel) =>
                (parsed.GetValue(dryRun), parsed.GetValue(unknownMedia), parsed.GetValue(missingMedia)) switch
                {
                    (true, false, false) => HostCommands.WithOptionsAsync(
                        parsed.GetValue(data),
                        options =>
                            HostCommands.TryAsync(
                                async () =>
                                    Tell(
                                        await AdminSocket.TryFindLeftOversAsync(options.Data, cancel).ConfigureAwait(false)
                                            ?? await FindStoppedAsync(options, build, cancel).ConfigureAwait(false)
                                    ),
                                Failed
                            )
                    ),
                    (false, true, false) => HostCommands.WithOptionsAsync(
                        parsed.GetValue(data),
                        options =>
                            HostCommands.TryAsync(
                                async () =>
                                    TellRemoved(
                                        await AdminSocket.TryRemoveUnknownMediaAsync(options.Data, cancel).ConfigureAwait(false)
                                            ?? await RemoveStoppedAsync(options, build, cancel).ConfigureAwait(false)
                                    ),
                                Failed
                            )
                    ),
                    (false, false, true) => HostCommands.WithOptionsAsync(
                        parsed.GetValue(data),
                        options =>
                            HostCommands.TryAsync(
                                async () =>
                                    TellEnded(
                                        await OpenStoppedAsync(options, build, unknown => unknown.EndWithoutFilesAsync())
                                            .ConfigureAwait(false)
                                    ),
                                Failed
                            )
                    ),
                    _ => RefuseAsync(),
                }
        );
        return command;
    }

    /// <summary>Without a running server, and perhaps without a database. Then an empty one is created, as at the first start.</summary>
    private static async Task<HeldMedia> RemoveStoppedAsync(
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        CancellationToken cancel
    )
    {
        if (options.MediaBucket is null && !Directory.Exists(Path.Combine(options.Data, DataDirectory.MediaName)))
        {
            throw new DataDirectoryException($"'{options.Data}' is no data directory of a server: it has no media.");
        }
        return await OpenStoppedAsync(options, build, unknown => unknown.RemoveAllAsync(cancel)).ConfigureAwait(false);
    }

    /// <summary>Opens the server without the checks that would refuse a start.</summary>
    private static async Task<T> OpenStoppedAsync<T>(
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        Func<UnknownMedia, Task<T>> run
    )
    {
        FolderUser.Become(options.Data);
        using var directory = DataDirectory.Open(options.Data);
        if (options.Database is null && !directory.HasDatabase)
        {
            PutAside(directory);
        }
        await using var app = build(options, directory, TimeProvider.System);
        app.Services.GetRequiredService<Start>();
        await app.Services.GetRequiredService<Database>().OpenAsync().ConfigureAwait(false);
        return await run(app.Services.GetRequiredService<UnknownMedia>()).ConfigureAwait(false);
    }

    /// <summary>Files beside a missing database belong to it, and would not match the new one.</summary>
    private static void PutAside(DataDirectory directory)
    {
        foreach (
            var path in new[] { directory.LogFile, directory.File(PageSums.FileName), directory.File(SyncMark.FileName) }.Where(File.Exists)
        )
        {
            File.Move(path, path + ".left", overwrite: true);
        }
    }

    private static int TellRemoved(HeldMedia removed)
    {
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"stories-server: removed {Counted.Of(removed.Files, "file")} ({Counted.Of(removed.Bytes, "byte")}) that no story accounted for."
            )
        );
        return Nothing;
    }

    private static int TellEnded(int ended)
    {
        Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"stories-server: ended {Counted.Stories(ended)} whose files were missing.")
        );
        return Nothing;
    }

    /// <summary>Without a running server: holds the data directory for a moment, so that none starts meanwhile.</summary>
    private static async Task<IReadOnlyList<LeftOver>> FindStoppedAsync(
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        CancellationToken cancel
    )
    {
        HostCommands.VerifyThere(options);
        using var directory = DataDirectory.OpenToLook(options.Data);
        await using var app = build(options, directory, TimeProvider.System);
        // Requested only because it creates every store, so that their collections are registered. Running it would change the disk.
        app.Services.GetRequiredService<Start>();
        await app.Services.GetRequiredService<Database>().OpenAsync().ConfigureAwait(false);
        return await app.Services.GetRequiredService<LeftoverFiles>().FindAsync(isAlone: true, cancel).ConfigureAwait(false);
    }

    private static int Tell(IReadOnlyList<LeftOver> found)
    {
        foreach (var it in found)
        {
            Console.Out.WriteLine($"{it.Kind}\t{it.Bytes.ToString(CultureInfo.InvariantCulture)}\t{CleanText.OneLine(it.Path)}");
        }
        Console.Error.WriteLine(
            found.Count == 0
                ? "stories-server: nothing is on the disk that no row accounts for, and no file of a story is damaged."
                : $"stories-server: found {found.Count}; see docs/host/data.md."
        );
        return found.Count == 0 ? Nothing : Found;
    }

    private static async Task<int> RefuseAsync()
    {
        await Console
            .Error.WriteLineAsync(
                "stories-server: say what purge should do: --dry-run lists what is left over, --unknown-media deletes the media that belong to no story, --missing-media ends the stories that lack a file."
            )
            .ConfigureAwait(false);
        return Failed;
    }
}
