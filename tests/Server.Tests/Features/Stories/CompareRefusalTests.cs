using System.Net;
using StoriesCli.Server.Tests.Features.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>Anything but two still images of one size is refused, with a reason, and leaves nothing behind.</summary>
public sealed class CompareRefusalTests
{
    [Fact]
    public async Task Each_mistake_is_told_and_nothing_stays()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (before, after) = (await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync());
        var small = await TestMedia.PngAsync(100, 49, (_, _) => 0xFFFFFFFF);
        var broken = after[..^40];
        async Task Refused(string expected, (string, byte[])[] files, params (string, string)[] fields)
        {
            var answer = await ComparePictures.PostFormAsync(ana, files, fields);
            $"{(int)answer.Status} {answer.Detail}".Should().StartWith(expected);
        }

        await Refused("400 after: is missing from the form", [("before", before)], ("compare", "true"));
        await Refused("400 before: is missing from the form", [("after", after)], ("compare", "true"));
        await Refused(
            "400 after: is missing from the form: compare needs the files before and after; before: is missing",
            [("file", after)],
            ("compare", "true")
        );
        await Refused(
            "400 after: is missing from the form: compare needs the files before and after; before: is missing",
            [],
            ("compare", "true")
        );
        await Refused("400 compare: must be true for a form with the files before and after", [("before", before), ("after", after)]);
        await Refused(
            "400 compare: must be true for a form with the files before and after",
            [("before", before), ("after", after)],
            ("compare", "false")
        );
        await Refused("400 compare: must be true or false, was \"yes\"", [("before", before), ("after", after)], ("compare", "yes"));
        await Refused(
            "400 file: does not go with before and after",
            [("before", before), ("after", after), ("file", after)],
            ("compare", "true")
        );
        await Refused(
            "400 file: does not go with before and after",
            [("file", after), ("before", before), ("after", after)],
            ("compare", "true")
        );
        await Refused("400 before: may be given once", [("before", before), ("before", before), ("after", after)], ("compare", "true"));
        await Refused("400 before: is empty", [("before", []), ("after", after)], ("compare", "true"));
        await Refused(
            "400 after: must be as large as before: before has 100 × 50 pixels, after has 100 × 49",
            [("before", before), ("after", small)],
            ("compare", "true")
        );
        await Refused("400 ttl: ", [("before", before), ("after", after)], ("compare", "true"), ("ttl", "1s"));
        await Refused("415 before: The file is text", [("before", "words"u8.ToArray()), ("after", after)], ("compare", "true"));
        await Refused(
            "415 after: The file is video, and a before/after story compares two still pictures",
            [("before", before), ("after", await TestMedia.Mp4Async())],
            ("compare", "true")
        );
        await Refused(
            "415 after: The bytes look like a PNG picture, but it breaks off before its end.",
            [("before", before), ("after", broken)],
            ("compare", "true")
        );
        foreach (var moving in new[] { "moving.gif", "moving.webp", "moving.png" })
        {
            await Refused(
                "415 before: The file is an animation of 20 frames, and a before/after story",
                [("before", await SampleMedia.ReadAsync(moving)), ("after", after)],
                ("compare", "true")
            );
        }
        await Refused("413 before: ", [("before", [.. before, .. new byte[10 << 20]]), ("after", after)], ("compare", "true"));

        (await ana.PutAsync("/v1/stories?compare=true", after)).Detail.Should().StartWith("compare: needs a form");
        (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "compare": true }""")).Detail.Should().StartWith("compare: needs a form");
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        foreach (var folder in new[] { "media", "tmp" })
        {
            Directory.EnumerateFiles(Path.Combine(host.DataPath, folder), "*", SearchOption.AllDirectories).Should().BeEmpty();
        }
        (await ComparePictures.PostFormAsync(ana, [("file", after)], [("compare", "false")]))
            .Status.Should()
            .Be(HttpStatusCode.Created, "false is as good as nothing");
    }

    [Fact]
    public async Task Pixels_beyond_the_limit_are_refused_before_they_are_decoded()
    {
        await using var host = await ServerHost.StartAsync(o => o with { Media = o.Media with { ImagePixels = 4999 } });
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ComparePictures.PostAsync(ana, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync());

        (answer.Status, answer.Detail)
            .Should()
            .Be((HttpStatusCode.RequestEntityTooLarge, "before: The picture has 100 × 50 pixels; the limit is 4,999 in all."));
    }
}
