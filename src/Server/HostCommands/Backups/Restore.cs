using StoriesCli.Contracts.Backups;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>Makes a data directory from an archive, and never overwrites an existing one.</summary>
internal static class Restore
{
    /// <returns>Contents of the archive, and whether the files belong to root now.</returns>
    /// <exception cref="BackupException">The archive cannot be used. Nothing is left behind.</exception>
    /// <exception cref="DataDirectoryException">There is already a data directory.</exception>
    public static async Task<(BackupContents Contents, bool IsRoots)> RunAsync(
        string archivePath,
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        CancellationToken cancel
    )
    {
        // Opened first, as the user who runs the command: the directory's owner may not be able to read the archive.
        await using var archive = await Archive.OpenAsync(archivePath, options.S3, cancel).ConfigureAwait(false);
        using var rows = options.Database is null ? null : PostgresTarget.Open(options.Database);
        using var target = RestoreTarget.Open(options.Data);
        try
        {
            rows?.Begin("stories-server restore");
            BackupContents contents;
            using (var directory = DataDirectory.Open(target.Stage))
            {
                using var progress = ProgressLine.Start("restoring", () => archive.Position, archive.Length);
                contents = await BackupReader.ReadAsync(archive, name => Create(directory, name), cancel).ConfigureAwait(false);
                progress?.Dispose();
                await ApplyAsync(contents, OptionsOf(options, directory), directory, build).ConfigureAwait(false);
                cancel.ThrowIfCancellationRequested();
                if (rows is not null)
                {
                    DataMove.Take(directory, rows);
                }
            }
            cancel.ThrowIfCancellationRequested();
            target.Finish();
            return (contents, target.IsRoots);
        }
        catch
        {
            rows?.GiveUp();
            target.GiveUp();
            throw;
        }
    }

    /// <summary>An archive first becomes a data directory, whatever the options say of a database and a bucket.</summary>
    private static ServerOptions OptionsOf(ServerOptions options, DataDirectory directory) =>
        options with
        {
            Data = directory.Path,
            LogFile = null,
            Database = null,
            MediaBucket = null,
            Backups = new(),
        };

    private static FileStream Create(DataDirectory directory, string name)
    {
        if (name.StartsWith(BackupManifest.MediaPrefix, StringComparison.Ordinal))
        {
            directory.MakeMediaFolder(name[BackupManifest.MediaPrefix.Length..]);
        }
        return PrivateFile.Open(PathOf(directory, name), FileMode.CreateNew, FileShare.None);
    }

    private static string PathOf(DataDirectory directory, string name) =>
        name switch
        {
            BackupManifest.DatabaseEntry => directory.DatabaseFile,
            BackupManifest.LogEntry => directory.LogFile,
            _ => directory.MediaFile(name[BackupManifest.MediaPrefix.Length..]),
        };

    /// <summary>Stories that ended during the backup must not return without their media, and damaged files must not be served.</summary>
    private static async Task ApplyAsync(
        BackupContents contents,
        ServerOptions options,
        DataDirectory directory,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build
    )
    {
        await using var app = build(options, directory, TimeProvider.System);
        await app.Services.GetRequiredService<Start>().OpenAsync(isRestore: true).ConfigureAwait(false);
        var stories = app.Services.GetRequiredService<StoryInventory>();
        var lifecycle = app.Services.GetRequiredService<StoryLifecycle>();
        foreach (var id in contents.Manifest.LeftOut)
        {
            await lifecycle.EndAsync(id).ConfigureAwait(false);
        }
        var damaged = app.Services.GetRequiredService<DamagedMedia>();
        foreach (var it in contents.Damaged.Where(it => stories.Has(it.Story)))
        {
            damaged.Note(it.Story, it.Name[BackupManifest.MediaPrefix.Length..].Split('.').ElementAtOrDefault(1), it.Reason, isTold: true);
        }
        damaged.Save(damaged.State);
    }
}
