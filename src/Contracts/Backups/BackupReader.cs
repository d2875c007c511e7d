using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace StoriesCli.Contracts.Backups;

/// <summary>Reads an archive to its end and checks it against its manifest.</summary>
public static class BackupReader
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Reads the whole archive. Damaged files of stories are reported in the result; any other fault stops the reading.</summary>
    /// <param name="archive">Read once, from its current position.</param>
    /// <param name="open">Opens the target for an entry, by its name in the archive, already checked. Return <see cref="Stream.Null"/> to discard the bytes.</param>
    /// <param name="cancel">Cancels the reading.</param>
    /// <exception cref="BackupException">The archive is not of a server, is incomplete, or was changed.</exception>
    public static async Task<BackupContents> ReadAsync(Stream archive, Func<string, Stream> open, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(open);
        var found = new Dictionary<string, BackupFile>(StringComparer.Ordinal);
        try
        {
            var tar = new TarReader(archive, leaveOpen: true);
            await using var _ = tar.ConfigureAwait(false);
            while (await tar.GetNextEntryAsync(copyData: false, cancel).ConfigureAwait(false) is { } entry)
            {
                if (entry.Name == BackupManifest.EntryName && entry.DataStream is { } json)
                {
                    var contents = Compare(
                        await JsonSerializer.DeserializeAsync(json, BackupJson.Default.BackupManifest, cancel).ConfigureAwait(false),
                        found
                    );
                    await VerifyEndAsync(tar, archive, cancel).ConfigureAwait(false);
                    return contents;
                }
                if (!IsKnown(entry) || found.ContainsKey(entry.Name))
                {
                    throw new BackupException($"it holds \"{entry.Name}\", which does not belong in a backup");
                }
                found[entry.Name] = await CopyAsync(entry, open, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or JsonException)
        {
            throw new BackupException($"it is broken, or no backup: {e.Message}");
        }
        throw new BackupException("it is incomplete: its manifest is missing");
    }

    /// <summary>Checks that the manifest is the last entry, followed only by zeros: programs that write tar files pad the last block.</summary>
    private static async Task VerifyEndAsync(TarReader tar, Stream archive, CancellationToken cancel)
    {
        if (await tar.GetNextEntryAsync(copyData: false, cancel).ConfigureAwait(false) is { } entry)
        {
            throw new BackupException($"it holds \"{entry.Name}\" after its manifest");
        }
        var buffer = new byte[BufferBytes];
        for (int read; (read = await archive.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0; )
        {
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                throw new BackupException("there are more bytes after its end");
            }
        }
    }

    private static bool IsKnown(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile
        && (entry.Name is BackupManifest.DatabaseEntry or BackupManifest.LogEntry || IsMedia(entry.Name));

    private static bool IsMedia(string name) =>
        name.StartsWith(BackupManifest.MediaPrefix, StringComparison.Ordinal)
        && StoryParts.IsFileOfStory(name[BackupManifest.MediaPrefix.Length..]);

    private static async Task<BackupFile> CopyAsync(TarEntry entry, Func<string, Stream> open, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = 0L;
        var target = open(entry.Name);
        await using var _ = target.ConfigureAwait(false);
        if (entry.DataStream is { } content)
        {
            var buffer = new byte[BufferBytes];
            for (int read; (read = await content.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0; bytes += read)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            }
        }
        if (target is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
        return new(entry.Name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static BackupContents Compare(BackupManifest? manifest, Dictionary<string, BackupFile> found)
    {
        if (manifest is null)
        {
            throw new BackupException("its manifest is empty");
        }
        if (manifest.Format > BackupManifest.NewestFormat)
        {
            throw new BackupException(
                $"its format is {manifest.Format}, and this program knows formats up to {BackupManifest.NewestFormat}: use the server that made it, {manifest.Server}, or a newer one"
            );
        }
        if (manifest.Files.Any(it => it is null) || manifest.LeftOut.Any(it => it is null) || manifest.Damaged.Any(it => it is null))
        {
            throw new BackupException("its manifest names nothing where it should name a file");
        }
        var damaged = manifest.Damaged.ToList();
        foreach (var file in manifest.Files)
        {
            var fault =
                !found.Remove(file.Name, out var there) ? "is missing in the archive"
                : there == file ? null
                : $"was changed: it has {there.Bytes:N0} bytes with SHA-256 {there.Sha256}, and the manifest says {file.Bytes:N0} with {file.Sha256}";
            if (fault is null)
            {
                continue;
            }
            // One damaged file should not cost all other stories; without the database nothing is left.
            if (!IsMedia(file.Name))
            {
                throw new BackupException($"\"{file.Name}\" {fault}");
            }
            damaged.Add(BackupDamage.Of(file.Name, fault));
        }
        if (found.Count > 0)
        {
            throw new BackupException($"\"{found.Keys.First()}\" is not in its manifest");
        }
        if (damaged.Find(it => !IsMedia(it.Name)) is { } other)
        {
            throw new BackupException($"its manifest calls \"{other.Name}\" damaged, which is no file of a story");
        }
        return manifest.Files.Count(f => f.Name is BackupManifest.DatabaseEntry or BackupManifest.LogEntry) == 2
            ? new(manifest, damaged)
            : throw new BackupException("it has no database");
    }
}
