using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class PosterTests : IClassFixture<SampleMedia>, IDisposable
{
    private readonly SampleMedia _media;
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-vips-").FullName;
    private readonly Decoding _decoding = new(TimeProvider.System);
    private readonly PosterMaker _posters;
    private readonly ImageCheck _check;

    public PosterTests(SampleMedia media)
    {
        _media = media;
        var vips = new VipsLibrary(Path.Combine(_folder, "lib"));
        _posters = new PosterMaker(vips, _decoding);
        _check = new ImageCheck(vips, _decoding);
    }

    public void Dispose()
    {
        _decoding.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("photo.jpg", 320, 180)]
    [InlineData("photo.png", 320, 180)]
    [InlineData("deep.png", 320, 180)]
    [InlineData("photo.webp", 320, 180)]
    [InlineData("still.avif", 320, 180)]
    [InlineData("moving.webp", 160, 90)]
    [InlineData("moving.gif", 160, 90)]
    [InlineData("moving.png", 160, 90)]
    [InlineData("large.jpg", 1920, 1440)]
    public async Task A_poster_is_never_enlarged_and_no_larger_than_it_may_be(string name, int width, int height)
    {
        (await MakeAsync(await SampleMedia.GetAsync(name), 5000, 5000)).Should().Be(new MediaFacts("image", "image/jpeg", width, height));
        (await MakeAsync(await SampleMedia.GetAsync(name), 5000, 5000, PosterFormat.Png))
            .Should()
            .Be(new MediaFacts("image", "image/png", width, height));
    }

    [Fact]
    public async Task A_poster_fits_into_what_was_asked_for() =>
        (await MakeAsync(await SampleMedia.GetAsync("large.jpg"), 512, 100)).Should().Be(new MediaFacts("image", "image/jpeg", 133, 100));

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    public async Task A_poster_is_upright_as_the_facts_are_and_tells_nothing(string name)
    {
        var (bytes, tiff) = (await SampleMedia.ReadAsync(name), Exif.Block(6));
        var path = _media.Write(
            name switch
            {
                "photo.jpg" => Exif.IntoJpeg(bytes, tiff),
                "photo.png" => Exif.IntoPng(bytes, tiff),
                _ => Exif.IntoWebP(bytes, tiff, 320, 180),
            }
        );
        Inspecting.RemoveMetadata(path);
        var facts = Inspecting.Inspect(path);
        (facts.Width, facts.Height).Should().Be((180, 320));

        var poster = _media.Write(await _posters.MakeAsync(path, facts, 90, 160, PosterFormat.Jpeg, CancellationToken.None));

        Inspecting.Inspect(poster).Should().Be(new MediaFacts("image", "image/jpeg", 90, 160));
        Inspecting.RemoveMetadata(poster).Changed.Should().BeFalse();
    }

    [Fact]
    public async Task What_is_transparent_is_white_in_a_JPEG_and_transparent_in_a_PNG()
    {
        var path = await SampleMedia.GetAsync("alpha.png");
        var facts = Inspecting.Inspect(path);

        var jpeg = _media.Write(await _posters.MakeAsync(path, facts, 64, 64, PosterFormat.Jpeg, CancellationToken.None), "a.jpg");
        var png = _media.Write(await _posters.MakeAsync(path, facts, 64, 64, PosterFormat.Png, CancellationToken.None), "a.png");

        (await FirstPixelAsync(jpeg)).Should().Equal(255, 255, 255, 255);
        (await FirstPixelAsync(png))[3].Should().Be(0);
    }

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("sound.mp3")]
    public async Task There_is_no_poster_of_what_is_no_image(string name)
    {
        var path = await SampleMedia.GetAsync(name);

        var making = () => _posters.MakeAsync(path, Inspecting.Inspect(path), 512, 512, PosterFormat.Jpeg, CancellationToken.None);

        await making.Should().ThrowAsync<PosterUnavailableException>();
    }

    [Fact]
    public async Task There_is_no_poster_of_a_picture_whose_pixels_are_broken()
    {
        var png = await SampleMedia.ReadAsync("photo.png");
        var data = png.AsSpan().IndexOf("IDAT"u8);
        png.AsSpan(data + 200, 400).Fill(0xA5);
        var path = _media.Write(png);
        var facts = Inspecting.Inspect(path);

        var making = () => _posters.MakeAsync(path, facts, 512, 512, PosterFormat.Jpeg, CancellationToken.None);

        await making.Should().ThrowAsync<PosterUnavailableException>();
    }

    [Fact]
    public async Task What_the_decoder_complains_of_is_counted_and_written_nowhere()
    {
        var png = await SampleMedia.ReadAsync("photo.png");
        byte[] chunk = [0, 0, 0, 9, .. "bKGD123456789"u8, 0, 0, 0, 0];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(
            chunk.AsSpan(^4),
            System.IO.Hashing.Crc32.HashToUInt32(chunk.AsSpan(4..^4))
        );
        var path = _media.Write([.. png[..33], .. Enumerable.Repeat(chunk, 1000).SelectMany(bytes => bytes), .. png[33..]]);
        var facts = Inspecting.Inspect(path);
        var before = VipsLibrary.Complaints;

        await _posters.MakeAsync(path, facts, 512, 512, PosterFormat.Jpeg, CancellationToken.None);

        (VipsLibrary.Complaints - before).Should().BeGreaterThanOrEqualTo(1000, "only one handler gets a message");
        Inspecting.RemoveMetadata(path);
        (await File.ReadAllBytesAsync(path)).Should().Equal(png, "no such picture is kept");
    }

    [Fact]
    public async Task A_picture_that_could_not_be_decoded_is_not_tried_again_by_every_reader()
    {
        await using var host = await StoriesCli.Testing.ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var png = await SampleMedia.ReadAsync("photo.png");
        var story = (await ana.PutAsync("/v1/stories", png)).Json;
        var id = story.GetProperty("id").GetString()!;
        var media = System.Text.Json.JsonSerializer.Deserialize(
            story.GetProperty("media"),
            StoriesCli.Contracts.ContractsJson.Default.StoryMedia
        )!;
        png.AsSpan(png.AsSpan().IndexOf("IDAT"u8) + 200, 400).Fill(0xA5);
        await File.WriteAllBytesAsync(host.Services.GetRequiredService<MediaFolder>().PathOf(id, null), png);
        var (posters, decoding) = (host.Services.GetRequiredService<Posters>(), host.Services.GetRequiredService<Decoding>());
        var (before, facts) = (decoding.Count, new MediaFacts("image", "image/png", 320, 180));

        foreach (var side in (int[])[40, 80, 160, 160])
        {
            var asking = () => posters.GetAsync(id, null, media, facts, side, side, PosterFormat.Jpeg, CancellationToken.None);
            (await asking.Should().ThrowAsync<StoriesCli.Server.Http.ApiProblem>())
                .Which.Error.Should()
                .Be(StoriesCli.Contracts.Errors.PosterUnavailable);
        }

        (decoding.Count - before).Should().Be(1);
    }

    [Fact]
    public void Pictures_that_cannot_be_decoded_are_remembered_for_a_while_and_no_more_than_so_many()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var failures = new PosterFailures(most: 3, TimeSpan.FromHours(1), clock);

        for (var i = 0; i < 10; i++)
            failures.Note($"{i}.", "broken");

        failures.Count.Should().Be(3);
        (failures.Find("6."), failures.Find("9.")).Should().Be((null, "broken"));
        clock.Advance(TimeSpan.FromHours(1));
        failures.Find("9.").Should().BeNull();
        failures.Note("10.", "broken");
        failures.Count.Should().Be(1);
    }

    [Fact]
    public async Task Many_posters_at_once_are_all_made()
    {
        var path = await SampleMedia.GetAsync("large.jpg");
        var facts = Inspecting.Inspect(path);

        var posters = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => _posters.MakeAsync(path, facts, 512, 512, PosterFormat.Jpeg, CancellationToken.None))
        );

        posters.Should().HaveCount(6).And.OnlyContain(p => p.SequenceEqual(posters[0]));
    }

    [Fact]
    public async Task A_decoding_over_its_time_is_given_up()
    {
        var path = await SampleMedia.GetAsync("large.jpg");
        var hasty = new PosterMaker(new VipsLibrary(Path.Combine(_folder, "lib")), _decoding, TimeSpan.Zero);

        var making = () => hasty.MakeAsync(path, Inspecting.Inspect(path), 1920, 1920, PosterFormat.Png, CancellationToken.None);

        (await making.Should().ThrowAsync<PosterUnavailableException>()).WithMessage("*longer than*");
    }

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    [InlineData("lossless.webp")]
    [InlineData("moving.webp")]
    [InlineData("moving.gif")]
    [InlineData("moving.png")]
    [InlineData("still.avif")]
    public async Task The_decoder_confirms_real_pictures(string name)
    {
        var path = await SampleMedia.GetAsync(name);
        var facts = Inspecting.Inspect(path);

        var confirming = () => _check.ConfirmAsync(path, facts, CancellationToken.None);

        await confirming.Should().NotThrowAsync();
    }

    [Fact]
    public async Task The_decoder_refuses_what_only_looks_like_a_picture()
    {
        byte[] header = [0, 0, 0, 64, 0, 0, 0, 64, 8, 7, 0, 0, 0];
        var path = _media.Write([
            0x89,
            .. "PNG\r\n\u001a\n"u8,
            .. Exif.Chunk("IHDR", header),
            .. Exif.Chunk("IDAT", [1, 2, 3]),
            .. Exif.Chunk("IEND", []),
        ]);
        var facts = Inspecting.Inspect(path);

        var confirming = () => _check.ConfirmAsync(path, facts, CancellationToken.None);

        await confirming.Should().ThrowAsync<MediaRefusedException>();
    }

    [Theory]
    [InlineData("large.jpg")]
    [InlineData("large.webp")]
    [InlineData("large.png")]
    public async Task The_decoder_confirms_large_pictures(string name)
    {
        var path = await SampleMedia.GetAsync(name);

        var confirming = () => _check.ConfirmAsync(path, Inspecting.Inspect(path), CancellationToken.None);

        await confirming.Should().NotThrowAsync();
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_picture_whose_pixels_are_damaged_is_refused_when_it_is_posted(string damage)
    {
        var path = _media.Write(await DamageAsync(damage));
        var facts = Inspecting.Inspect(path);

        var confirming = () => _check.ConfirmAsync(path, facts, CancellationToken.None);

        (await confirming.Should().ThrowAsync<MediaRefusedException>()).WithMessage($"*{facts.Type}*damaged*");
    }

    public static TheoryData<string> Damages => ["no deflate", "one row", "wrong checksum", "last rows", "empty scan", "empty WebP"];

    private static async Task<byte[]> DamageAsync(string damage)
    {
        byte[] header = [0, 0, 0, 100, 0, 0, 0, 100, 8, 0, 0, 0, 0];
        byte[] Png(byte[] data) =>
            [0x89, .. "PNG\r\n\u001a\n"u8, .. Exif.Chunk("IHDR", header), .. Exif.Chunk("IDAT", data), .. Exif.Chunk("IEND", [])];
        if (damage == "no deflate")
        {
            return Png([.. Enumerable.Repeat("notzlib"u8.ToArray(), 10).SelectMany(b => b)]);
        }
        if (damage == "one row")
        {
            using var packed = new MemoryStream();
            using (
                var deflate = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)
            )
            {
                deflate.Write(new byte[101]);
            }
            return Png(packed.ToArray());
        }
        var bytes = await SampleMedia.ReadAsync(
            damage switch
            {
                "wrong checksum" => "photo.png",
                "last rows" => "large.png",
                "empty scan" => "photo.jpg",
                _ => "lossless.webp",
            }
        );
        switch (damage)
        {
            case "wrong checksum":
                var size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("IDAT"u8) - 4));
                bytes[bytes.AsSpan().IndexOf("IDAT"u8) + 4 + size] ^= 0xFF;
                return bytes;
            case "last rows":
                bytes.AsSpan(bytes.Length * 9 / 10, 400).Fill(0xA5);
                return bytes;
            case "empty scan":
                var scan = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
                return [.. bytes[..(scan + 14)], .. new byte[bytes.Length - scan - 16], 0xFF, 0xD9];
            default:
                bytes.AsSpan(40).Clear();
                return bytes;
        }
    }

    private async Task<MediaFacts> MakeAsync(string path, int width, int height, PosterFormat format = PosterFormat.Jpeg) =>
        Inspecting.Inspect(
            _media.Write(await _posters.MakeAsync(path, Inspecting.Inspect(path), width, height, format, CancellationToken.None))
        );

    private async Task<byte[]> FirstPixelAsync(string path)
    {
        var raw = _media.Write([], "pixel.rgba");
        await Tools.FfmpegAsync("-i", path, "-vf", "crop=1:1:0:0:exact=1,format=rgba", "-f", "rawvideo", raw);
        return await File.ReadAllBytesAsync(raw);
    }
}
