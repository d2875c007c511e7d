using System.Collections.Concurrent;
using System.Text;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>Real media, made by ffmpeg once per run. All tests share them and never change them.</summary>
public sealed class SampleMedia : IDisposable
{
    public const string Secret = "GEHEIM-48.2082N-16.3738E";

    private static readonly string[] Picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10", "-frames:v", "1"];
    private static readonly string[] Moving = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=2"];
    private static readonly string[] Sound = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2"];
    private static readonly string[] Told =
    [
        "-metadata",
        $"title={Secret}",
        "-metadata",
        $"comment={Secret}",
        "-metadata",
        $"location=+48.2082+016.3738/",
        "-metadata",
        "creation_time=2026-11-22T18:00:00Z",
    ];

    private static readonly Dictionary<string, string[]> Recipes = new()
    {
        ["photo.jpg"] = Picture,
        ["photo.png"] = Picture,
        ["photo.webp"] = [.. Picture, "-c:v", "libwebp"],
        ["lossless.webp"] = [.. Picture, "-c:v", "libwebp", "-lossless", "1"],
        ["moving.webp"] = [.. Moving, "-c:v", "libwebp_anim"],
        ["moving.gif"] = Moving,
        ["moving.png"] = [.. Moving, "-f", "apng"],
        ["still.avif"] = [.. Picture, "-c:v", "libaom-av1", "-still-picture", "1", "-cpu-used", "8"],
        ["moving.avif"] = [.. Moving, "-c:v", "libaom-av1", "-cpu-used", "8"],
        ["alpha.png"] = ["-f", "lavfi", "-i", "color=red@0.0:size=64x48,format=rgba", "-frames:v", "1"],
        ["deep.png"] = [.. Picture, "-pix_fmt", "rgb48be"],
        ["large.jpg"] = ["-f", "lavfi", "-i", "testsrc2=size=4000x3000", "-frames:v", "1"],
        ["large.png"] = ["-f", "lavfi", "-i", "testsrc2=size=2000x1500", "-frames:v", "1"],
        ["large.webp"] = ["-f", "lavfi", "-i", "testsrc2=size=2000x1500", "-frames:v", "1", "-c:v", "libwebp"],
        ["video.mp4"] = [.. Moving, .. Sound, "-pix_fmt", "yuv420p", .. Told],
        ["faststart.mp4"] = [.. Moving, .. Sound, "-pix_fmt", "yuv420p", "-movflags", "+faststart+use_metadata_tags", .. Told],
        ["fragmented.mp4"] =
        [
            .. Moving,
            .. Sound,
            "-pix_fmt",
            "yuv420p",
            "-g",
            "5",
            "-movflags",
            "+frag_keyframe+empty_moov+default_base_moof",
        ],
        ["video.mov"] = [.. Moving, .. Sound, "-pix_fmt", "yuv420p", .. Told],
        ["halves.mp4"] =
        [
            "-f",
            "lavfi",
            "-i",
            "color=red:size=160x90:rate=10:duration=2,drawbox=c=blue:y=ih/2:t=fill",
            "-pix_fmt",
            "yuv420p",
        ],
        ["dark.mp4"] =
        [
            "-f",
            "lavfi",
            "-i",
            "color=black:size=160x90:rate=10:duration=0.1",
            "-f",
            "lavfi",
            "-i",
            "color=white:size=160x90:rate=10:duration=3",
            "-filter_complex",
            "concat",
            "-pix_fmt",
            "yuv420p",
        ],
        ["video.webm"] = [.. Moving, .. Sound, "-c:v", "libvpx", "-c:a", "libvorbis", .. Told],
        ["live.webm"] = [.. Moving, "-c:v", "libvpx", "-live", "1", "-f", "webm"],
        ["sound.webm"] = [.. Sound, "-c:a", "libopus"],
        ["sound.mp3"] = [.. Sound, "-b:a", "64k", .. Told],
        ["variable.mp3"] = [.. Sound, "-q:a", "5", "-write_id3v1", "1", .. Told],
        ["sound.opus"] = [.. Sound, "-f", "ogg", "-c:a", "libopus", .. Told],
        ["sound.ogg"] = [.. Sound, "-c:a", "libvorbis", .. Told],
        ["sound.wav"] = [.. Sound, .. Told],
        ["compressed.wav"] = [.. Sound, "-c:a", "adpcm_ms"],
        ["sound.m4a"] = [.. Sound, .. Told],
        ["matroska.mkv"] = [.. Moving, "-c:v", "libvpx"],
        ["picture.avif.tiff"] = [.. Picture, "-f", "image2", "-c:v", "tiff"],
        ["sound.flac"] = Sound,
        ["sound.aac"] = [.. Sound, "-f", "adts"],
        ["video.avi"] = Moving,
        ["video.ts"] = [.. Moving, "-f", "mpegts"],
        ["video.3gp"] = [.. Moving, "-s", "176x144", "-c:v", "h263"],
        ["picture.bmp"] = Picture,
        ["theora.ogv"] = [.. Moving, "-c:v", "libtheora"],
        ["flac.oga"] = [.. Sound, "-c:a", "flac"],
    };

    private static readonly string Shared = MakeSharedFolder();
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-media-").FullName;

    public static TheoryData<string> Names(params string[] names) => [.. names];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Path of a sample that all tests share.</summary>
    public static Task<string> GetAsync(string name) => Made.GetOrAdd(name, n => new Lazy<Task<string>>(() => MakeAsync(n))).Value;

    public static async Task<byte[]> ReadAsync(string name) => await File.ReadAllBytesAsync(await GetAsync(name));

    /// <summary>A file with these bytes for one test only.</summary>
    public string Write(ReadOnlySpan<byte> bytes, string name = "file")
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public async Task<string> CopyAsync(string name) => Write(await ReadAsync(name), name);

    private static string MakeSharedFolder()
    {
        var folder = Directory.CreateTempSubdirectory("stories-samples-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static async Task<string> MakeAsync(string name)
    {
        var path = Path.Combine(Shared, name);
        await Tools.FfmpegAsync([.. Recipes[name], path]);
        return path;
    }
}
