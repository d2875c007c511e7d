using StoriesCli.Server.Storage;
using StoriesCli.Server.Stories;

namespace StoriesCli.Server.Operation.Backups;

/// <summary>Makes a data directory out of an archive, and never over one that is there.</summary>
internal static class Restore
{
    /// <exception cref="BackupException">The archive cannot be used; nothing is left behind.</exception>
    /// <exception cref="DataDirectoryException">There is a data directory already.</exception>
    public static async Task<BackupManifest> RunAsync(string archivePath, ServerOptions options, Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build, CancellationToken cancel)
    {
        if (File.Exists(options.Data))
        {
            throw new DataDirectoryException($"'{options.Data}' is a file. Name a directory that is new or empty.");
        }
        if (Directory.Exists(options.Data) && Directory.EnumerateFileSystemEntries(options.Data).Any())
        {
            throw new DataDirectoryException($"'{options.Data}' is not empty. Restore into a new directory, or move the old one away.");
        }
        await using var archive = new FileStream(archivePath, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            using var directory = DataDirectory.Open(options.Data);
            var manifest = await BackupReader.ReadAsync(archive, name => Create(directory, name), cancel).ConfigureAwait(false);
            await EndWhatIsLeftOutAsync(manifest, options, directory, build).ConfigureAwait(false);
            return manifest;
        }
        catch
        {
            // Ours alone: it was not there, or empty.
            Directory.Delete(options.Data, recursive: true);
            throw;
        }
    }

    private static FileStream Create(DataDirectory directory, string name) => PrivateFile.Open(PathOf(directory, name), FileMode.CreateNew, FileShare.None);

    private static string PathOf(DataDirectory directory, string name) => name switch
    {
        BackupManifest.DatabaseEntry => directory.DatabaseFile,
        BackupManifest.LogEntry => directory.LogFile,
        _ => directory.MediaFile(name[BackupManifest.MediaPrefix.Length..]),
    };

    /// <summary>Stories that ended while the backup was taken must not come back without their media.</summary>
    private static async Task EndWhatIsLeftOutAsync(BackupManifest manifest, ServerOptions options, DataDirectory directory, Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        await using var app = build(options, directory, TimeProvider.System);
        await app.Services.GetRequiredService<Start>().OpenAsync().ConfigureAwait(false);
        var stories = app.Services.GetRequiredService<StoryStore>();
        foreach (var id in manifest.LeftOut)
        {
            await stories.EndAsync(id).ConfigureAwait(false);
        }
    }
}
