using System.Buffers.Binary;
using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class AvifTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    [Fact]
    public async Task A_still_is_accepted_and_has_a_poster()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var story = (await ana.PutAsync("/v1/stories", await SampleMedia.ReadAsync("still.avif"))).Json;

        Facts(story).Should().Be((StoryKinds.Image, "image/avif", 320, 180));
        var poster = await ana.GetAsync($"/v1/stories/{story.GetProperty("id").GetString()}/poster?width=160");
        Inspecting.Inspect(media.Write(poster.Body)).Should().Be(new MediaFacts("image", "image/jpeg", 160, 90));
        (await ana.GetAsync("/v1/limits"))
            .Json.GetProperty("imageTypes")
            .EnumerateArray()
            .Select(t => t.GetString())
            .Should()
            .Contain("image/avif");
    }

    [Theory]
    [InlineData("irot", 180, 320)]
    [InlineData("imir", 320, 180)]
    public async Task One_that_is_turned_or_mirrored_by_its_container_has_the_size_it_is_shown_in(string property, int width, int height)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var bytes = await SampleMedia.ReadAsync("still.avif");
        var at = bytes.AsSpan().IndexOf("pixi"u8);
        System.Text.Encoding.Latin1.GetBytes(property).CopyTo(bytes.AsSpan(at));
        bytes[at + 4] = 1;

        var story = (await ana.PutAsync("/v1/stories", bytes)).Json;

        Facts(story).Should().Be((StoryKinds.Image, "image/avif", width, height));
        var poster = await ana.GetAsync($"/v1/stories/{story.GetProperty("id").GetString()}/poster");
        Inspecting.Inspect(media.Write(poster.Body)).Should().Be(new MediaFacts("image", "image/jpeg", width, height));
    }

    [Fact]
    public async Task Everything_that_is_not_shown_is_blotted_out_and_the_picture_stays()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var path = await media.CopyAsync("still.avif");
        var renamed = path + ".avif";
        File.Move(path, renamed);
        await Tools.RunAsync(
            "exiftool",
            [
                "-q",
                "-overwrite_original",
                "-GPSLatitude=48.2",
                "-GPSLatitudeRef=N",
                $"-Artist={SampleMedia.Secret}",
                $"-XMP:Title={SampleMedia.Secret}",
                renamed,
            ]
        );
        // An unknown box. Bytes after the data in its box would hide just as well.
        byte[] box = [.. "uuid"u8, .. new byte[16], .. System.Text.Encoding.ASCII.GetBytes(SampleMedia.Secret)];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, box.Length + 4);
        byte[] posted = [.. await File.ReadAllBytesAsync(renamed), .. size, .. box];
        posted.AsSpan().IndexOf("Exif"u8).Should().BePositive();

        var story = (await ana.PutAsync("/v1/stories", posted)).Json;

        var kept = (await ana.GetAsync($"/v1/stories/{story.GetProperty("id").GetString()}/media")).Body;
        kept.Should().HaveSameCount(posted);
        foreach (var told in new[] { SampleMedia.Secret, "Exif", "rdf+xml", "GPS", "PictureHandler", "Color" })
        {
            kept.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(told)).Should().Be(-1, told);
        }
        var (before, after) = (media.Write(posted, "before.avif"), media.Write(kept, "after.avif"));
        (await Tools.RunAsync("exiftool", ["-s", "-GPS:all", "-EXIF:all", "-XMP:all", after])).Should().BeEmpty();
        (await Tools.DecodedHashAsync(after)).Should().Be(await Tools.DecodedHashAsync(before));
        (await ana.GetAsync($"/v1/stories/{story.GetProperty("id").GetString()}/poster")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("iprp", "free")]
    [InlineData("iprp", "uuid")]
    [InlineData("ipco", "udes")]
    [InlineData("meta", "uuid")]
    [InlineData("meta", "dinf")]
    [InlineData("iloc", "")]
    [InlineData("pitm", "")]
    [InlineData("ispe", "")]
    [InlineData("pixi", "")]
    [InlineData("colr", "")]
    [InlineData("ipma", "")]
    [InlineData("hdlr", "")]
    public async Task No_box_carries_more_than_the_picture(string name, string carrier)
    {
        var bytes = await SampleMedia.ReadAsync("still.avif");
        var tree = IsoTree.Parse(bytes);
        var box = tree.All().First(it => it.Box.Type == name).Box;
        var secret = System.Text.Encoding.ASCII.GetBytes(SampleMedia.Secret);
        if (carrier.Length == 0)
            box.Bytes = [.. box.Bytes, .. secret];
        else
            box.Children!.Add(IsoTree.Leaf(carrier, secret));
        Move(tree, tree.Write().Length - bytes.Length);
        var path = media.Write(tree.Write(), "told.avif");
        var decoded = await Tools.DecodedHashAsync(media.Write(bytes, "still.avif"));
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded, "the sample is well made");

        Inspecting.RemoveMetadata(path);

        (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf(secret).Should().Be(-1);
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        Inspecting.RemoveMetadata(path).Changed.Should().BeFalse();
    }

    [Theory]
    [InlineData("SEFT maker's bytes, which are no box: GEHEIM-48.2082N-16.3738E")]
    [InlineData("\u007f\u007f\u007f\u007fSEFTGEHEIM-48.2082N-16.3738E")]
    public async Task Bytes_behind_the_last_box_are_cut_off_and_the_picture_is_taken(string tail)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var bytes = await SampleMedia.ReadAsync("still.avif");

        var story = (await ana.PutAsync("/v1/stories", [.. bytes, .. System.Text.Encoding.Latin1.GetBytes(tail)])).Json;

        Facts(story).Should().Be((StoryKinds.Image, "image/avif", 320, 180));
        (await ana.GetAsync($"/v1/stories/{story.GetProperty("id").GetString()}/media")).Body.Should().HaveSameCount(bytes);
    }

    [Theory]
    [InlineData("MA1B", "an AVIF picture")]
    [InlineData("MA1A", "an AVIF picture")]
    [InlineData("avio", "an AVIF picture")]
    [InlineData("1pic", "an AVIF picture")]
    public async Task One_that_is_cut_off_is_named_by_whatever_brand_comes_first(string brand, string name)
    {
        var bytes = await SampleMedia.ReadAsync("still.avif");
        System.Text.Encoding.ASCII.GetBytes(brand).CopyTo(bytes.AsSpan(8));

        var inspecting = () => Inspecting.Inspect(media.Write(bytes.AsSpan(0, 200)));

        Inspecting.Inspect(media.Write(bytes)).Type.Should().Be("image/avif");
        inspecting.Should().Throw<MediaRefusedException>().WithMessage($"*{name}*");
    }

    [Fact]
    public async Task A_sequence_is_refused_in_words()
    {
        var path = await SampleMedia.GetAsync("moving.avif");

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*AVIF*sequence*only still*");
    }

    [Fact]
    public async Task What_its_frames_have_counts_whatever_the_container_says()
    {
        var bytes = await SampleMedia.ReadAsync("still.avif");
        var size = bytes.AsSpan().IndexOf("ispe"u8) + 8;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(size), 16);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(size + 4), 9);

        MediaInspector.ReadShape(media.Write(bytes)).LargestFrame.Should().Be((320, 180));
        var inspecting = () => Inspecting.Inspect(media.Write(bytes), new MediaLimits { ImagePixels = 10_000 });
        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*320 × 180*");
    }

    [Fact]
    public async Task One_that_breaks_off_or_lies_is_refused_or_read_and_never_more_than_that()
    {
        var whole = await SampleMedia.ReadAsync("still.avif");
        var random = new Random(12);
        for (var i = 0; i < 400; i++)
        {
            var bytes = whole[..(i % 2 == 0 ? whole.Length : random.Next(whole.Length))];
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(Math.Min(bytes.Length, 400))] = (byte)random.Next(256);
            if (Inspecting.TryInspect(media.Write(bytes)) is { Type: "image/avif" })
                Inspecting.RemoveMetadata(media.Write(bytes));
        }
    }

    /// <summary>Moves the location of every item by this many bytes.</summary>
    private static void Move(IsoTree tree, int bytes)
    {
        var places = tree.All().First(it => it.Box.Type == "iloc").Box.Bytes;
        // One item of one part, with offset and length of four bytes.
        var at = 8 + 2 + (places[0] > 0 ? 2 : 0) + 2 + (places[5] >> 4) + 2;
        BinaryPrimitives.WriteInt32BigEndian(places.AsSpan(at), BinaryPrimitives.ReadInt32BigEndian(places.AsSpan(at)) + bytes);
    }

    private static (string?, string?, int, int) Facts(System.Text.Json.JsonElement story)
    {
        var file = story.GetProperty("media");
        return (
            story.GetProperty("kind").GetString(),
            file.GetProperty("type").GetString(),
            file.GetProperty("width").GetInt32(),
            file.GetProperty("height").GetInt32()
        );
    }
}
