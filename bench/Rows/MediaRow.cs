using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StoriesCli.Bench.Rows;

/// <summary>Pictures and videos out and in.</summary>
internal sealed class MediaRow : Row
{
    private const int VideoBytes = 75_000_000;

    public override string Name => "Media";

    public override void Measure(Lab lab, Results results)
    {
        using var server = new StoryServer(lab, Path.Combine(lab.NewFolder("media"), "data"));
        using var nginx = new Nginx(lab);
        var owner = server.JoinOwner();
        var sample = File.ReadAllBytes(Path.Combine(lab.Samples, "photo.jpg"));
        var id = server.Post(owner, sample, "image/jpeg");
        var picture = new Uri(server.Url, $"/v1/stories/{id}/media");
        var file = nginx.Serve("picture.jpg", server.Get(picture.PathAndQuery, owner));
        var (ratios, rates, _) = lab.Alternate(() => lab.Rate(picture, 8, owner), () => lab.Rate(file, 8));
        results.AddRatio(
            "Small picture",
            FormattableString.Invariant($"{sample.Length / 1000} KB, rate of wrk, 8 connections, against nginx serving the same file"),
            ratios,
            0.75,
            FormattableString.Invariant($" ({Spread.Of(rates).Median:N0} a second)")
        );

        var video = Video(lab, lab.IsQuick ? VideoBytes / 5 : VideoBytes);
        CompareUploads(lab, results, server, owner, video);
        var large = new Uri(server.Url, $"/v1/stories/{server.Post(owner, video, "video/mp4")}/media");
        var served = nginx.Serve("video.mp4", video);
        var (videos, _, _) = lab.Alternate(() => lab.Rate(large, 2, owner), () => lab.Rate(served, 2));
        results.AddRatio(
            "Whole video",
            FormattableString.Invariant($"{video.Length / 1_000_000} MB, rate of wrk, 2 connections, against nginx's sendfile"),
            videos,
            1.0
        );
    }

    private static void CompareUploads(Lab lab, Results results, StoryServer server, string owner, byte[] video)
    {
        var folder = lab.NewFolder("upload");
        var source = Path.Combine(folder, "video.mp4");
        File.WriteAllBytes(source, video);
        string[] upload =
        [
            "curl",
            "-sSf",
            "-o",
            "/dev/null",
            "-H",
            $"Authorization: Bearer {owner}",
            "-H",
            "Content-Type: video/mp4",
            "-T",
            source,
            new Uri(server.Url, "/v1/stories").AbsoluteUri,
        ];
        var (ratios, times, _) = lab.Alternate(
            () => Lab.Time(() => Running.Run(upload[0], upload[1..])),
            () =>
                Lab.Time(() =>
                    Running.Run(
                        "sh",
                        "-c",
                        $"cp {source} {source}.copy && openssl dgst -sha256 {source}.copy && sync {source}.copy {folder}"
                    )
                )
        );
        results.AddAtMost(
            "Upload of the video",
            FormattableString.Invariant(
                $"{video.Length / 1_000_000} MB by curl, {Spread.Of(times).Median:0} ms, against cp, openssl dgst -sha256 and sync"
            ),
            ratios,
            1.1,
            "×"
        );
    }

    /// <summary>The sample with random bytes in a box that players skip.</summary>
    private static byte[] Video(Lab lab, int size)
    {
        var sample = File.ReadAllBytes(Path.Combine(lab.Samples, "video.mp4"));
        var video = new byte[size];
        sample.CopyTo(video, 0);
        BinaryPrimitives.WriteInt32BigEndian(video.AsSpan(sample.Length), size - sample.Length);
        "free"u8.CopyTo(video.AsSpan(sample.Length + 4));
        RandomNumberGenerator.Fill(video.AsSpan(sample.Length + 8));
        return video;
    }
}
