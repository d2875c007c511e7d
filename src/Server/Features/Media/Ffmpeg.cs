using System.Diagnostics;
using System.Globalization;
using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>Takes one frame out of a video with a separate program. Its time, memory and output are limited, and it can reach no other file.</summary>
/// <remarks>At most two run at once, each for at most ten seconds (by default).</remarks>
internal sealed class Ffmpeg(FfmpegChoice choice, TimeProvider time, TimeSpan? timeLimit = null) : IDisposable
{
    private const int AtOnce = 2;
    public const long MemoryBytes = 1L << 30;
    private const int PictureBytes = 16 << 20,
        ComplaintBytes = 2048;
    private const int PixelsOfAFrame = 50_000_000;

    // Video codecs that stories use. Every other decoder of ffmpeg would only add to the attack surface.
    private const string Decoders = "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,mjpeg,prores";

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _end = new();
    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(10);

    /// <summary>Why ffmpeg is unavailable; null when it is available.</summary>
    public string? Refusal => choice.Refusal;

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _places.Dispose();
    }

    /// <summary>A JPEG of a frame shortly after the video's start: upright, never enlarged, and no larger than a poster may be.</summary>
    /// <exception cref="PosterUnavailableException">It makes no frame of this video within its limits.</exception>
    public async Task<byte[]> TakePictureAsync(string path, MediaFacts facts)
    {
        await _places.WaitAsync(_end.Token).ConfigureAwait(false);
        try
        {
            using var limit = new CancellationTokenSource(_timeLimit, time);
            // The first frame is often black.
            var at = TimeSpan.FromMilliseconds(Math.Min(1000, (facts.DurationMs ?? 0) / 10));
            var picture = await RunAsync(Arguments(path, facts, at), limit.Token).ConfigureAwait(false);
            if (picture.Length == 0 && at > TimeSpan.Zero)
            {
                picture = await RunAsync(Arguments(path, facts, TimeSpan.Zero), limit.Token).ConfigureAwait(false);
            }
            return picture.Length > 0 ? picture : throw new PosterUnavailableException("The video shows nothing that ffmpeg can decode.");
        }
        finally
        {
            _places.Release();
        }
    }

    private static string[] Arguments(string path, MediaFacts facts, TimeSpan at)
    {
        var (width, height) = (
            Math.Clamp(facts.Width ?? int.MaxValue, 1, PosterMaker.MaximumPixelsPerSide),
            Math.Clamp(facts.Height ?? int.MaxValue, 1, PosterMaker.MaximumPixelsPerSide)
        );
        return
        [
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            // A format that ffmpeg guesses, or a protocol that the file names, could lead to other files and to the network.
            "-protocol_whitelist",
            "file",
            "-f",
            facts.Type == MediaTypes.WebM ? "matroska" : "mov",
            "-codec_whitelist",
            Decoders,
            "-threads",
            "1",
            "-max_pixels",
            $"{PixelsOfAFrame}",
            "-ss",
            at.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            "-i",
            "file:" + path,
            "-map",
            "0:v:0",
            "-frames:v",
            "1",
            "-vf",
            $"scale=trunc(iw*sar):ih,scale=w='min({width},iw)':h='min({height},ih)':force_original_aspect_ratio=decrease",
            "-c:v",
            "mjpeg",
            "-pix_fmt",
            "yuvj420p",
            "-q:v",
            "2",
            "-threads",
            "1",
            "-f",
            "image2pipe",
            "pipe:1",
        ];
    }

    private async Task<byte[]> RunAsync(string[] arguments, CancellationToken limit)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(_timeLimit.TotalSeconds));
        // It may write no file at all. Its limit of processor time ends it even when this server was killed.
        var start = new ProcessStartInfo(
            choice.Limiter!,
            [$"--as={MemoryBytes}", $"--cpu={seconds}", "--fsize=0", "--core=0", "--", choice.Path!, .. arguments]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        using var process = Start(start);
        using var atLimit = limit.Register(() => Kill(process));
        using var atEnd = _end.Token.Register(() => Kill(process));
        process.StandardInput.Close();
        var complaint = ReadAsync(process.StandardError.BaseStream, ComplaintBytes);
        var (picture, isWhole) = await ReadAsync(process.StandardOutput.BaseStream, PictureBytes).ConfigureAwait(false);
        var (complaints, _) = await complaint.ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);

        if (limit.IsCancellationRequested)
            throw new PosterUnavailableException($"The video takes ffmpeg longer than {_timeLimit.TotalSeconds:0.#} s.");
        if (!isWhole)
            throw new PosterUnavailableException($"The picture that ffmpeg makes of the video has more than {PictureBytes:N0} bytes.");
        if (process.ExitCode != 0)
            throw new PosterUnavailableException(
                "The video cannot be decoded.",
                new IOException($"ffmpeg ended with {process.ExitCode}: {CleanText.OneLine(Encoding.UTF8.GetString(complaints)).Trim()}")
            );
        return picture;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PosterUnavailableException("The server's ffmpeg could not be started.", e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
    }

    /// <summary>Reads to the end, so that the program never blocks on a full pipe, and keeps what fits.</summary>
    private static async Task<(byte[] Kept, bool IsWhole)> ReadAsync(Stream stream, int most)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[32 * 1024];
        var isWhole = true;
        for (int count; (count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0; )
        {
            var room = Math.Min(count, most - (int)kept.Length);
            kept.Write(buffer, 0, room);
            isWhole &= room == count;
        }
        return (kept.ToArray(), isWhole);
    }
}
