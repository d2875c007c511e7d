using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>Third-party programs, for making real media and for checking results.</summary>
internal static class Tools
{
    public static Task<string> FfmpegAsync(params string[] arguments) =>
        RunAsync("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. arguments]);

    /// <summary>Values of the first stream or of the format, one per line.</summary>
    public static async Task<string[]> ProbeAsync(string path, string entries) =>
        (await RunAsync("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "default=noprint_wrappers=1:nokey=1", path])).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );

    /// <summary>Complaints of ffprobe when it reads every packet; empty when there are none.</summary>
    public static Task<string> ComplaintsAsync(string path) =>
        RunAsync("sh", ["-c", "ffprobe -v warning -show_packets \"$0\" 2>&1 >/dev/null", path]);

    public static async Task<string> MimeTypeAsync(string path) => (await RunAsync("file", ["--brief", "--mime-type", path])).Trim();

    // Most tests compare with the same few samples, and ffmpeg takes a tenth of a second to start.
    private static readonly ConcurrentDictionary<string, Task<string>> Decoded = new();

    /// <summary>Hashes of the decoded data, stream by stream.</summary>
    public static async Task<string> DecodedHashAsync(string path) =>
        await Decoded.GetOrAdd(
            Path.GetExtension(path) + Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(path))),
            _ => FfmpegAsync("-noautorotate", "-i", path, "-map", "0:v?", "-map", "0:a?", "-f", "streamhash", "-")
        );

    public static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }
}
