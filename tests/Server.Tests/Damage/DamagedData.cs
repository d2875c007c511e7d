using Microsoft.Extensions.Logging;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Damage;

/// <summary>Damages a server's files as disks and people do, and opens what is left.</summary>
internal static class DamagedData
{
    internal const int PageBytes = PageFrame.PageBytes;

    internal const string DataFileName = "stories.db",
        LogFileName = "stories.log";

    internal sealed record Opened(IReadOnlyCollection<Note> Served, IReadOnlyCollection<string> Lost, IReadOnlyCollection<LogLevel> Levels);

    /// <summary>Null when the start is refused with a message.</summary>
    internal static async Task<Opened?> TryOpenAsync(string directory)
    {
        var log = new RememberingLogger<Database>();
        try
        {
            await using var notebook = await Notebook.OpenAsync(directory, log: log);
            return new(
                [.. notebook.Current.Values],
                [.. notebook.Database.Quarantine.Rows.Keys],
                [.. log.Entries.Select(entry => entry.Level)]
            );
        }
        catch (DataDirectoryException e)
        {
            e.Message.Should().Contain(directory).And.Contain("restore");
            return null;
        }
    }

    internal static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    internal static async Task AlterAsync(string directory, string name, Func<byte[], byte[]> alter)
    {
        var path = Path.Combine(directory, name);
        await File.WriteAllBytesAsync(path, alter(await File.ReadAllBytesAsync(path)));
    }

    internal const string Damaged = "media_damaged";

    internal static DamagedMedia Memory(ServerHost host) => (DamagedMedia)host.Services.GetService(typeof(DamagedMedia))!;

    internal static MediaCheck Check(ServerHost host) => (MediaCheck)host.Services.GetService(typeof(MediaCheck))!;

    internal static string PathOf(ServerHost host, string id, string? part = null) =>
        ((MediaFolder)host.Services.GetService(typeof(MediaFolder))!).PathOf(id, part);

    internal static void Spoil(ServerHost host, string id, string kind, string? part = null)
    {
        var path = PathOf(host, id, part);
        if (!File.Exists(path))
        {
            // It shared a folder with one that was spoilt before.
            return;
        }
        var bytes = File.ReadAllBytes(path);
        var written = File.GetLastWriteTimeUtc(path);
        switch (kind)
        {
            case "cut":
                File.WriteAllBytes(path, bytes[..^1]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "grown":
                File.WriteAllBytes(path, [.. bytes, 0]);
                break;
            case "changed":
                bytes[^1] ^= 1;
                File.WriteAllBytes(path, bytes);
                // A disk that loses data does not update the time.
                File.SetLastWriteTimeUtc(path, written);
                break;
            case "missing":
                File.Delete(path);
                break;
            default:
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
                break;
        }
    }

    /// <summary>A WAV of one channel with 8 bits per sample, short because of its rate, however many bytes it has.</summary>
    internal static byte[] Sound(int bytes, byte marked = 0)
    {
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        const int Rate = 1_000_000;
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(Rate);
        writer.Write((short)1);
        writer.Write((short)8);
        writer.Write("data"u8);
        writer.Write(bytes);
        writer.Write(Enumerable.Repeat(marked, bytes).ToArray());
        return wav.ToArray();
    }
}
