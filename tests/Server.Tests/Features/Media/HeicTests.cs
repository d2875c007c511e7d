using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class HeicTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private static readonly string? SearchPath = Environment.GetEnvironmentVariable("PATH");

    [Fact]
    public async Task It_is_kept_as_the_jpeg_it_becomes_upright_and_without_metadata_and_the_answer_says_so()
    {
        await using var host = await StartAsync(HeicChoice.Parse("auto", SearchPath));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await MakeAsync()), "file", "IMG_1.HEIC" } };

        var story = (await ana.SendAsync(HttpMethod.Post, "/v1/stories", form)).Json;

        var file = story.GetProperty("media");
        file.GetProperty("type").GetString().Should().Be("image/jpeg");
        file.GetProperty("convertedFrom").GetString().Should().Be("image/heic");
        file.GetProperty("fileName").GetString().Should().Be("IMG_1.jpg");
        await host.RestartAsync();
        var path = $"/v1/stories/{story.GetProperty("id").GetString()}";
        (await ana.GetAsync(path)).Json.GetProperty("media").GetProperty("convertedFrom").GetString().Should().Be("image/heic");
        var kept = (await ana.GetAsync(path + "/media")).Body;
        kept.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(SampleMedia.Secret)).Should().Be(-1);
        var jpeg = media.Write(kept, "kept.jpg");
        Inspecting.Inspect(jpeg).Should().Be(new MediaFacts("image", "image/jpeg", 320, 180));
        (await Tools.RunAsync("exiftool", ["-s", "-Orientation", "-XMP:all", "-GPS:all", jpeg]))
            .Should()
            .BeEmpty("what was told of the file is gone, and nothing turns it again");
        (await ana.GetAsync(path + "/poster")).Status.Should().Be(HttpStatusCode.OK);
        (await ana.GetAsync("/v1/limits"))
            .Json.GetProperty("imageTypes")
            .EnumerateArray()
            .Select(t => t.GetString())
            .Should()
            .Contain("image/heic");
        Directory.EnumerateFileSystemEntries(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_converter_it_is_refused_by_its_name_with_what_to_do()
    {
        await using var host = await StartAsync(HeicChoice.Off);
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var refused = await ana.PutAsync("/v1/stories", await MakeAsync());

        refused.Status.Should().Be(HttpStatusCode.UnsupportedMediaType);
        refused.Detail.Should().Contain(HeifBrands.Heic).And.Contain("Save it as JPEG").And.Contain("--heic auto");
    }

    [Theory]
    [InlineData("exec sleep 600", "longer than")]
    [InlineData("exec dd if=/dev/zero of=/dev/null bs=2G count=1 status=none", "cannot be converted")]
    [InlineData("exec dd if=/dev/zero of=\"$4\" bs=1M count=100 status=none", "cannot be converted")]
    [InlineData("exit 0", "made nothing")]
    [InlineData("echo no picture >\"$4\"", "JPEG")]
    [InlineData("cp \"$0.jpg\" \"$4\"", "320 × 180")]
    public async Task What_goes_beyond_its_bounds_or_makes_something_else_is_refused_and_leaves_nothing(string script, string reason)
    {
        var program = media.Write($"#!/bin/sh\nPATH={SearchPath}\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(await SampleMedia.GetAsync("large.jpg"), program + ".jpg");
        var path = Path.Combine(Path.GetDirectoryName(program)!, "data");
        using var directory = DataDirectory.Open(path);
        using var converter = new HeicConverter(
            HeicChoice.Parse(program, SearchPath),
            directory,
            new MediaLimits(),
            TimeProvider.System,
            TimeSpan.FromSeconds(reason == "longer than" ? 1 : 15)
        );
        await using (var file = IncomingFile.Create(directory))
        {
            await file.WriteAsync(await MakeAsync());

            var converting = () => converter.ConvertAsync(file, CancellationToken.None);

            (await converting.Should().ThrowAsync<MediaRefusedException>()).Which.Message.Should().Contain(reason);
        }
        Directory.EnumerateFileSystemEntries(directory.TemporaryPath).Should().BeEmpty();
    }

    [Fact]
    public async Task One_of_too_many_pixels_is_not_given_to_the_converter()
    {
        var program = media.Write("#!/bin/sh\n: >\"$0.called\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var directory = DataDirectory.Open(Path.Combine(Path.GetDirectoryName(program)!, "data"));
        using var converter = new HeicConverter(
            HeicChoice.Parse(program, SearchPath),
            directory,
            new MediaLimits { ImagePixels = 10_000 },
            TimeProvider.System
        );
        await using var file = IncomingFile.Create(directory);
        await file.WriteAsync(await MakeAsync());

        var converting = () => converter.ConvertAsync(file, CancellationToken.None);

        (await converting.Should().ThrowAsync<MediaTooLargeException>()).WithMessage("*320 × 180*10,000*");
        File.Exists(program + ".called").Should().BeFalse();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public async Task Of_several_pictures_the_primary_one_is_kept(int primary, bool hasThumbnails)
    {
        await using var host = await StartAsync(HeicChoice.Parse("auto", SearchPath));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (large, small) = (await ColourAsync("red", 320, 180), await ColourAsync("blue", 160, 90));
        foreach (
            var pictures in (string[][])
                [
                    [large, small],
                    [small, large],
                    [large, await ColourAsync("blue", 320, 180)],
                ]
        )
        {
            var path = media.Write([], "many.heic");
            await Tools.RunAsync("heif-enc", [.. hasThumbnails ? ["-t", "64"] : (string[])[], "-o", path, .. pictures]);
            var bytes = await File.ReadAllBytesAsync(path);
            await MakePrimaryAsync(bytes, primary);

            var story = (await ana.PutAsync("/v1/stories", bytes)).Json;

            var kept = media.Write((await ana.GetAsync($"/v1/stories/{story.GetProperty("id").GetString()}/media")).Body, "kept.jpg");
            (await MeanAsync(kept)).Should().Be(await MeanAsync(pictures[primary - 1]));
            Inspecting.Inspect(kept).Width.Should().Be(Inspecting.Inspect(pictures[primary - 1]).Width);
            Directory.EnumerateFileSystemEntries(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
        }

        async Task MakePrimaryAsync(byte[] bytes, int nth)
        {
            // Ids of the images that are not thumbnails, in order.
            var ids = (await Tools.RunAsync("heif-info", [media.Write(bytes, "ids.heic")]))
                .Split('\n')
                .Where(line => line.StartsWith("image:", StringComparison.Ordinal))
                .Select(line => ushort.Parse(line.Split("id=")[1].Split(')')[0]))
                .ToList();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("pitm"u8) + 8), ids[nth - 1]);
        }
    }

    [Fact]
    public async Task A_picture_of_tiles_is_kept_whole()
    {
        await using var host = await StartAsync(HeicChoice.Parse("auto", SearchPath));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var path = media.Write([], "tiles.heic");
        await Tools.RunAsync("heif-enc", ["-o", path, await ColourAsync("red", 320, 180), await ColourAsync("blue", 320, 180)]);

        var answer = await ana.PutAsync("/v1/stories", WithGrid(await File.ReadAllBytesAsync(path)));

        answer.Status.Should().Be(HttpStatusCode.Created);
        var kept = media.Write((await ana.GetAsync($"/v1/stories/{answer.Json.GetProperty("id").GetString()}/media")).Body, "kept.jpg");
        Inspecting.Inspect(kept).Should().Be(new MediaFacts("image", "image/jpeg", 640, 180));
        (await MeanAsync(kept)).Should().Be("purple", "it is half red and half blue");
    }

    [Fact]
    public async Task Bytes_behind_the_last_box_are_cut_off_and_the_picture_is_taken()
    {
        await using var host = await StartAsync(HeicChoice.Parse("auto", SearchPath));
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ana.PutAsync("/v1/stories", [.. await MakeAsync(), .. "SEFT maker's bytes, which are no box"u8]);

        answer.Status.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_converter_that_makes_several_pictures_is_told_and_leaves_none()
    {
        var program = media.Write($"#!/bin/sh\nPATH={SearchPath}\nfor i in 1 2 3; do cp \"$0.jpg\" \"${{4%.jpg}}-$i.jpg\"; done\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(await SampleMedia.GetAsync("photo.jpg"), program + ".jpg");
        using var directory = DataDirectory.Open(Path.Combine(Path.GetDirectoryName(program)!, "data"));
        using var converter = new HeicConverter(HeicChoice.Parse(program, SearchPath), directory, new MediaLimits(), TimeProvider.System);
        await using (var file = IncomingFile.Create(directory))
        {
            await file.WriteAsync(await MakeAsync());

            var converting = () => converter.ConvertAsync(file, CancellationToken.None);

            (await converting.Should().ThrowAsync<MediaRefusedException>()).WithMessage("*more than one picture*");
        }
        Directory.EnumerateFileSystemEntries(directory.TemporaryPath).Should().BeEmpty();
    }

    /// <summary>Puts the two images of a file side by side, as tiles of a third one, which becomes primary.</summary>
    private static byte[] WithGrid(byte[] file)
    {
        var tree = IsoTree.Parse(file);
        IsoTree Box(string type) => tree.All().First(it => it.Box.Type == type).Box;
        // Width, height: 640 by 180.
        byte[] grid = [0, 0, 0, 1, 2, 128, 0, 180];
        var (items, places, placed, properties) = (Box("iinf"), Box("iloc"), Box("ipma"), Box("ipco"));
        items.Bytes[5] = 3;
        items.Bytes = [.. items.Bytes, .. IsoTree.Leaf("infe", [2, 0, 0, 0, 0, 3, 0, 0, .. "grid\0"u8]).Write()];
        properties.Children!.Add(IsoTree.Leaf("ispe", 0, 0, 0, 0, 0, 0, 2, 128, 0, 0, 0, 180));
        placed.Bytes[7] = 3;
        placed.Bytes = [.. placed.Bytes, 0, 3, 1, (byte)properties.Children.Count];
        Box("pitm").Bytes[5] = 3;
        Box("meta").Children!.Add(IsoTree.Leaf("iref", [0, 0, 0, 0, .. IsoTree.Leaf("dimg", 0, 3, 0, 2, 0, 1, 0, 2).Write()]));
        places.Bytes[7] = 3;
        var entry = (places.Bytes.Length - 8) / 2;
        places.Bytes = [.. places.Bytes, .. places.Bytes[^entry..]];
        places.Bytes[8 + (2 * entry) + 1] = 3;
        var data = Box("mdat");
        data.Bytes = [.. data.Bytes, .. grid];
        // Fields of an entry: number, file, base, count, offset, length. The old entries have moved.
        void Place(int nth, Func<int, int> offset)
        {
            var place = places.Bytes.AsSpan(8 + (nth * entry) + 4);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(
                place,
                offset(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(place))
            );
        }
        var moved = tree.Write().Length - file.Length - grid.Length;
        Place(0, offset => offset + moved);
        Place(1, offset => offset + moved);
        Place(2, _ => tree.Write().Length - grid.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(places.Bytes.AsSpan(places.Bytes.Length - 4), grid.Length);
        return tree.Write();
    }

    private async Task<string> ColourAsync(string colour, int width, int height)
    {
        var path = media.Write([], colour + ".png");
        await Tools.FfmpegAsync("-f", "lavfi", "-i", $"color={colour}:size={width}x{height}", "-frames:v", "1", path);
        return path;
    }

    private async Task<string> MeanAsync(string path)
    {
        var pixel = media.Write([], "pixel.rgb");
        await Tools.FfmpegAsync("-i", path, "-vf", "scale=1:1:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", pixel);
        var bytes = await File.ReadAllBytesAsync(pixel);
        return (bytes[0] > 64, bytes[2] > 64) switch
        {
            (true, true) => "purple",
            (true, false) => "red",
            (false, true) => "blue",
            _ => "black",
        };
    }

    private static Task<ServerHost> StartAsync(HeicChoice choice) => ServerHost.StartAsync(options => options with { Heic = choice });

    private async Task<byte[]> MakeAsync()
    {
        var path = media.Write([], "photo.heic");
        await Tools.RunAsync("heif-enc", ["-o", path, await SampleMedia.GetAsync("photo.png")]);
        await Tools.RunAsync(
            "exiftool",
            [
                "-q",
                "-overwrite_original",
                "-Orientation#=6",
                "-GPSLatitude=48.2",
                "-GPSLatitudeRef=N",
                $"-XMP:Title={SampleMedia.Secret}",
                path,
            ]
        );
        return await File.ReadAllBytesAsync(path);
    }
}
