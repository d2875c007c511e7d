using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using StoriesCli.Server.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Stories;

namespace StoriesCli.Server.Operation.Backups;

/// <summary>Writes one archive of everything while the server runs: data file and log of a moment, the media of that moment, the manifest last.</summary>
internal sealed class BackupWriter(Database database, StoryStore stories, MediaFolder folder, TimeProvider time)
{
    /// <summary>Fixes the moment. Nothing is written yet, so that a refusal can still be answered.</summary>
    /// <exception cref="DatabaseUnavailableException">Another backup is being taken, or the database is not ready.</exception>
    public Task<HeldMoment<IReadOnlyList<StoredMedia>>> HoldAsync(CancellationToken cancel) => database.HoldAsync(stories.StoredMedia, cancel);

    public async Task WriteAsync(HeldMoment<IReadOnlyList<StoredMedia>> moment, Stream output, CancellationToken cancel)
    {
        var at = time.GetUtcNow();
        var files = new List<BackupFile>();
        var leftOut = new List<string>();
        await using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        await using (var data = moment.OpenDataFile())
        {
            await AddAsync(tar, files, BackupManifest.DatabaseEntry, data, await HashAsync(data, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
        }
        await using (var log = await moment.CopyLogAsync(cancel).ConfigureAwait(false))
        {
            await AddAsync(tar, files, BackupManifest.LogEntry, log, await HashAsync(log, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
        }
        foreach (var media in moment.Captured)
        {
            if (!await TryAddAsync(tar, files, media, cancel).ConfigureAwait(false))
            {
                leftOut.Add(media.Id);
            }
        }
        var manifest = new BackupManifest { Format = BackupManifest.NewestFormat, Server = ServerVersion.Text, At = at, Files = [.. files], LeftOut = [.. leftOut] };
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        await tar.WriteEntryAsync(Entry(BackupManifest.EntryName, json), cancel).ConfigureAwait(false);
    }

    /// <summary>What has ended meanwhile is not taken along: a backup must not outlive it.</summary>
    private async Task<bool> TryAddAsync(TarWriter tar, List<BackupFile> files, StoredMedia media, CancellationToken cancel)
    {
        var opened = new List<FileStream>();
        try
        {
            foreach (var (part, _) in media.Files)
            {
                if (!stories.IsActive(media.Id) || folder.TryOpen(media.Id, part) is not { } file)
                {
                    return false;
                }
                opened.Add(file);
            }
            foreach (var ((part, sha256), file) in media.Files.Zip(opened))
            {
                await AddAsync(tar, files, BackupManifest.MediaPrefix + MediaFolder.NameOf(media.Id, part), file, sha256, cancel).ConfigureAwait(false);
            }
            return true;
        }
        finally
        {
            foreach (var file in opened)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<string> HashAsync(FileStream file, CancellationToken cancel)
    {
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel).ConfigureAwait(false));
        file.Position = 0;
        return sha256;
    }

    private async Task AddAsync(TarWriter tar, List<BackupFile> files, string name, FileStream content, string sha256, CancellationToken cancel)
    {
        files.Add(new(name, content.Length, sha256));
        await tar.WriteEntryAsync(Entry(name, content), cancel).ConfigureAwait(false);
    }

    private PaxTarEntry Entry(string name, Stream content) => new(TarEntryType.RegularFile, name)
    {
        DataStream = content,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        ModificationTime = time.GetUtcNow(),
    };
}
