using System.Buffers.Binary;
using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Media;

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
        (await ana.GetAsync("/v1/limits")).Json.GetProperty("imageTypes").EnumerateArray().Select(t => t.GetString()).Should().Contain("image/avif");
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
        await Tools.RunAsync("exiftool", ["-q", "-overwrite_original", "-GPSLatitude=48.2", "-GPSLatitudeRef=N", $"-Artist={SampleMedia.Secret}", $"-XMP:Title={SampleMedia.Secret}", renamed]);
        // A box that nobody knows, and bytes behind it in the data's own box would be as good a place.
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
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--) bytes[random.Next(Math.Min(bytes.Length, 400))] = (byte)random.Next(256);
            if (Inspecting.TryInspect(media.Write(bytes)) is { Type: "image/avif" }) Inspecting.RemoveMetadata(media.Write(bytes));
        }
    }

    private static (string?, string?, int, int) Facts(System.Text.Json.JsonElement story)
    {
        var file = story.GetProperty("media");
        return (story.GetProperty("kind").GetString(), file.GetProperty("type").GetString(), file.GetProperty("width").GetInt32(), file.GetProperty("height").GetInt32());
    }
}
