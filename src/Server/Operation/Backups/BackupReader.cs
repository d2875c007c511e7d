using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Operation.Backups;

/// <summary>Reads an archive to its end and holds it against its manifest.</summary>
internal static class BackupReader
{
    private const int BufferBytes = 256 * 1024;

    /// <param name="archive">Read once, from here on.</param>
    /// <param name="open">Where an entry's bytes go: its name as the archive writes it, checked already. <see cref="Stream.Null"/> for nowhere.</param>
    /// <param name="cancel">Stops in the middle.</param>
    /// <exception cref="BackupException">It is not an archive of a server, is incomplete, or was changed.</exception>
    public static async Task<BackupManifest> ReadAsync(Stream archive, Func<string, Stream> open, CancellationToken cancel)
    {
        var found = new Dictionary<string, BackupFile>(StringComparer.Ordinal);
        try
        {
            await using var tar = new TarReader(archive, leaveOpen: true);
            while (await tar.GetNextEntryAsync(copyData: false, cancel).ConfigureAwait(false) is { } entry)
            {
                if (entry.Name == BackupManifest.EntryName && entry.DataStream is { } json)
                {
                    var manifest = Compare(await JsonSerializer.DeserializeAsync(json, BackupJson.Default.BackupManifest, cancel).ConfigureAwait(false), found);
                    await VerifyEndAsync(tar, archive, cancel).ConfigureAwait(false);
                    return manifest;
                }
                if (!IsKnown(entry) || found.ContainsKey(entry.Name))
                {
                    throw new BackupException($"it holds \"{entry.Name}\", which no backup does");
                }
                found[entry.Name] = await CopyAsync(entry, open, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or JsonException)
        {
            throw new BackupException($"it is broken, or no backup: {e.Message}");
        }
        throw new BackupException("it breaks off: its manifest is missing");
    }

    /// <summary>The manifest is the last entry, and behind the archive's end are zeros at most, as programs fill up a block.</summary>
    private static async Task VerifyEndAsync(TarReader tar, Stream archive, CancellationToken cancel)
    {
        if (await tar.GetNextEntryAsync(copyData: false, cancel).ConfigureAwait(false) is { } entry)
        {
            throw new BackupException($"it holds \"{entry.Name}\" after its manifest");
        }
        var buffer = new byte[BufferBytes];
        for (int read; (read = await archive.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0;)
        {
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                throw new BackupException("there are more bytes behind its end");
            }
        }
    }

    private static bool IsKnown(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile
        && (entry.Name is BackupManifest.DatabaseEntry or BackupManifest.LogEntry
            || (entry.Name.StartsWith(BackupManifest.MediaPrefix, StringComparison.Ordinal) && IsFileOfStory(entry.Name[BackupManifest.MediaPrefix.Length..])));

    /// <summary>A story's id, or one with a part of a before/after story behind it.</summary>
    private static bool IsFileOfStory(string name) => name.Split('.') switch
    {
        [var id] => Names.Id.IsMatch(id),
        [var id, StoryParts.Before or StoryParts.Difference] => Names.Id.IsMatch(id),
        _ => false,
    };

    private static async Task<BackupFile> CopyAsync(TarEntry entry, Func<string, Stream> open, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = 0L;
        await using var target = open(entry.Name);
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

    private static BackupManifest Compare(BackupManifest? manifest, Dictionary<string, BackupFile> found)
    {
        if (manifest is null)
        {
            throw new BackupException("its manifest is empty");
        }
        if (manifest.Format > BackupManifest.NewestFormat)
        {
            throw new BackupException($"its format is {manifest.Format}, and this server knows formats up to {BackupManifest.NewestFormat}: use the server that made it, {manifest.Server}, or a newer one");
        }
        foreach (var file in manifest.Files)
        {
            if (!found.Remove(file.Name, out var there))
            {
                throw new BackupException($"\"{file.Name}\" is missing");
            }
            if (there != file)
            {
                throw new BackupException($"\"{file.Name}\" was changed: it has {there.Bytes:N0} bytes with SHA-256 {there.Sha256}, and the manifest says {file.Bytes:N0} with {file.Sha256}");
            }
        }
        if (found.Count > 0)
        {
            throw new BackupException($"\"{found.Keys.First()}\" is not in its manifest");
        }
        return manifest.Files.Count(f => f.Name is BackupManifest.DatabaseEntry or BackupManifest.LogEntry) == 2 ? manifest : throw new BackupException("it has no database");
    }
}

/// <summary>An archive cannot be used; the message says why, as the end of a sentence about it.</summary>
internal sealed class BackupException(string message) : Exception(message);
