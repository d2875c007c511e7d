using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>Writes an archive of everything while the server runs: data file, log and media of one moment, then the manifest.</summary>
internal sealed class BackupWriter(Database database, StoryInventory stories, MediaStore store, DamagedMedia damaged, TimeProvider time)
{
    /// <summary>Fixes the moment. Nothing is written yet, so an error can still be returned.</summary>
    /// <exception cref="DatabaseUnavailableException">Another backup is running, or the database is not ready.</exception>
    public Task<DatabaseSnapshot<IReadOnlyList<StoredMedia>>> HoldAsync(CancellationToken cancel) =>
        database.HoldAsync(stories.StoredMedia, cancel);

    public async Task WriteAsync(DatabaseSnapshot<IReadOnlyList<StoredMedia>> moment, Stream output, CancellationToken cancel)
    {
        var at = time.GetUtcNow();
        var files = new List<BackupFile>();
        var leftOut = new List<string>();
        var faults = new List<BackupDamage>();
        await using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        await using (var data = moment.OpenDataFile())
        {
            await AddAsync(tar, files, BackupManifest.DatabaseEntry, data, await HashAsync(data, cancel).ConfigureAwait(false), cancel)
                .ConfigureAwait(false);
        }
        await using (var log = await moment.CopyLogAsync(cancel).ConfigureAwait(false))
        {
            await AddAsync(tar, files, BackupManifest.LogEntry, log, await HashAsync(log, cancel).ConfigureAwait(false), cancel)
                .ConfigureAwait(false);
        }
        foreach (var media in moment.Captured)
        {
            if (!await TryAddAsync(tar, files, faults, media, cancel).ConfigureAwait(false))
            {
                leftOut.Add(media.Id);
            }
        }
        var manifest = new BackupManifest
        {
            Format = BackupManifest.NewestFormat,
            Server = ServerVersion.Text,
            At = at,
            Files = [.. files],
            LeftOut = [.. leftOut],
            Damaged = [.. faults],
        };
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        await tar.WriteEntryAsync(Entry(BackupManifest.EntryName, json), cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Skips stories that ended meanwhile: a backup must not outlive them. Adds damaged files as they are, and names them: they may be all that is left.
    /// </summary>
    private async Task<bool> TryAddAsync(
        TarWriter tar,
        List<BackupFile> files,
        List<BackupDamage> faults,
        StoredMedia media,
        CancellationToken cancel
    )
    {
        var opened = new List<(FileStream? File, string? Fault)>();
        try
        {
            foreach (var (part, _) in media.Files)
            {
                opened.Add(await TryOpenAsync(media.Id, part, cancel).ConfigureAwait(false));
            }
            // In this order: a story's row is deleted before its files.
            if (!stories.IsActive(media.Id))
            {
                return false;
            }
            foreach (var ((part, posted), (file, missing)) in media.Files.Zip(opened))
            {
                var name = BackupManifest.MediaPrefix + MediaFolder.NameOf(media.Id, part);
                if ((missing ?? await AddMediaAsync(tar, files, name, file!, posted, cancel).ConfigureAwait(false)) is { } fault)
                {
                    damaged.Note(media.Id, part, fault);
                    faults.Add(BackupDamage.Of(name, fault));
                }
            }
            return true;
        }
        finally
        {
            foreach (var (file, _) in opened)
            {
                if (file is not null)
                {
                    await file.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<(FileStream? File, string? Fault)> TryOpenAsync(string id, string? part, CancellationToken cancel)
    {
        try
        {
            var file = await store.OpenAsItIsAsync(id, part, cancel).ConfigureAwait(false);
            return (file, file is null ? MediaReader.Missing : null);
        }
        catch (UnauthorizedAccessException)
        {
            return (null, MediaReader.Unreadable);
        }
    }

    /// <returns>What is wrong with the file; null when nothing is.</returns>
    private async Task<string?> AddMediaAsync(
        TarWriter tar,
        List<BackupFile> files,
        string name,
        FileStream file,
        StoryMedia posted,
        CancellationToken cancel
    )
    {
        await using var copy = new CopiedFile(file);
        await tar.WriteEntryAsync(Entry(name, copy), cancel).ConfigureAwait(false);
        var sha256 = copy.GetSha256();
        files.Add(new(name, copy.Length, sha256));
        return copy.Fault
            ?? (
                copy.Length != posted.Bytes ? MediaReader.WrongLength(copy.Length, posted)
                : sha256 != posted.Sha256 ? MediaReader.WrongHash(sha256, posted)
                : null
            );
    }

    private static async Task<string> HashAsync(FileStream file, CancellationToken cancel)
    {
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel).ConfigureAwait(false));
        file.Position = 0;
        return sha256;
    }

    private async Task AddAsync(
        TarWriter tar,
        List<BackupFile> files,
        string name,
        FileStream content,
        string sha256,
        CancellationToken cancel
    )
    {
        files.Add(new(name, content.Length, sha256));
        await tar.WriteEntryAsync(Entry(name, content), cancel).ConfigureAwait(false);
    }

    private PaxTarEntry Entry(string name, Stream content) =>
        new(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            ModificationTime = time.GetUtcNow(),
        };
}
