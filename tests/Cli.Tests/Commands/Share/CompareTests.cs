using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public sealed class CompareTests : CommandTests
{
    private string _before = null!,
        _after = null!;

    private protected override bool HasBob => false;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _before = _ana.WriteFile("old page.png", await TestMedia.PngAsync(50, 20, (_, _) => 0xFFFFFFFF));
        // 32 of 1,000 pixels.
        _after = _ana.WriteFile("new.png", await TestMedia.PngAsync(50, 20, (x, y) => x < 8 && y < 4 ? 0x000000FF : 0xFFFFFFFF));
    }

    [Fact]
    public async Task Two_pictures_are_one_story_that_says_how_much_changed()
    {
        var ran = await _ana.RunAsync("post", "--compare", _before, _after, "--caption", "The button", "--slot", "ui", "--ttl", "6h");

        ran.Should().Match<Ran>(it => it.ExitCode == 0 && it.Lines.Length == 1, ran.Error);
        ran.Error.Should().Be($"Posted {_before} → {_after} (image, 6h left, 3.2 % changed).\n");
        var shown = (await _ana.RunAsync("show", ran.Lines[0])).Out;
        shown
            .Should()
            .Contain("compare   3.2 % changed\n")
            .And.Contain("old page.png\n")
            .And.Contain("slot      ui\n")
            .And.Contain("caption   The button");
        var json = JsonDocument.Parse((await _ana.RunAsync("show", ran.Lines[0], "--json")).Out).RootElement;
        json.GetProperty("compare").GetProperty("changedShare").GetDouble().Should().Be(0.032);
        json.GetProperty("media").GetProperty("fileName").GetString().Should().Be("new.png");
        var posted = JsonDocument.Parse((await _ana.RunAsync("post", "--compare", _before, _before, "--json")).Out).RootElement;
        posted.GetProperty("compare").GetProperty("changedShare").GetDouble().Should().Be(0);
    }

    [Fact]
    public async Task A_pipe_or_stdin_may_be_one_of_the_two()
    {
        var ran = await _ana.RunWithInputAsync(await File.ReadAllBytesAsync(_before), ["post", "--compare", "-", _after]);

        ran.Should().Match<Ran>(it => it.ExitCode == 0 && it.Error.Contains("3.2 % changed"), ran.Error);
    }

    [Fact]
    public async Task Each_part_is_saved_under_a_name_of_its_own()
    {
        var id = (await _ana.RunAsync("post", "--compare", _before, _after)).Lines[0];
        var folder = Directory.CreateDirectory(Path.Combine(_ana.Home, "saved")).FullName;

        (await _ana.RunAsync("get", id, "--part", "before", "-o", folder)).Out.Should().Be(Path.Combine(folder, "old page.png") + "\n");
        (await _ana.RunAsync("get", id, "--part", "difference", "-o", folder))
            .Out.Should()
            .Be(Path.Combine(folder, "difference.png") + "\n");
        (await _ana.RunAsync("get", id, "-o", folder)).Out.Should().Be(Path.Combine(folder, "new.png") + "\n");

        (await TestMedia.PixelsAsync(await File.ReadAllBytesAsync(Path.Combine(folder, "difference.png"))))
            .Count(pixel => pixel == 0xFF0080)
            .Should()
            .Be(32);
        (await TestMedia.PixelsAsync((await _ana.RunAsync("get", id, "--part", "before", "-o", "-")).OutBytes))
            .Should()
            .OnlyContain(pixel => pixel == 0xFFFFFF);
        var photo = (await _ana.RunAsync("post", _after)).Lines[0];
        (await _ana.RunAsync("get", photo, "--part", "after"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("this is not a before/after story"));
        (await _ana.RunAsync("get", id, "--part", "middle")).ExitCode.Should().Be(2);
        (await _ana.RunAsync("link", id, "--part", "before")).Out.Should().Contain("/media?part=before&link=");
    }

    [Fact]
    public async Task A_promoted_one_shows_all_three_side_by_side()
    {
        var id = (await _ana.RunAsync("post", "--compare", _before, _after)).Lines[0];
        var folder = Path.Combine(_ana.Home, "docs");

        (await _ana.RunAsync("promote", id, "--to", folder)).ExitCode.Should().Be(0);

        Directory
            .GetFiles(folder)
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo("story.md", "new.png", "new-before.png", "new-difference.png");
        (await File.ReadAllTextAsync(Path.Combine(folder, "story.md")))
            .Should()
            .Contain(
                "\n\n| Before | After | Difference: 3.2 % changed |\n|---|---|---|\n| ![new\\-before.png](new-before.png) | ![new.png](new.png) | ![new\\-difference.png](new-difference.png) |\n"
            )
            .And.Contain("- Before: [new\\-before.png](new-before.png), image/png, SHA-256 `");
        await File.WriteAllTextAsync(Path.Combine(folder, "new-difference.png"), "mine");
        File.Delete(Path.Combine(folder, "story.md"));
        File.Delete(Path.Combine(folder, "new.png"));
        (await _ana.RunAsync("promote", id, "--to", folder))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("new-before.png exists already"));
        (await _ana.RunAsync("promote", id, "--to", folder, "--force")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task What_cannot_be_compared_is_refused_before_anything_is_sent()
    {
        var note = _ana.WriteFile("note.txt", "words");
        var clip = _ana.WriteFile("clip.mp4", await TestMedia.Mp4Async());
        var small = _ana.WriteFile("small.png", await TestMedia.PngAsync(50, 19, (_, _) => 0xFFFFFFFF));
        async Task Refused(int code, string words, params string[] arguments)
        {
            var ran = await _ana.RunAsync(["post", .. arguments]);
            ran.Should().Match<Ran>(it => it.ExitCode == code && it.Error.Contains(words) && it.Out == "", ran.Error);
        }

        await Refused(5, "note.txt is text: --compare takes two pictures", "--compare", note, _after);
        await Refused(5, "clip.mp4 is video: --compare takes two pictures", "--compare", _before, clip);
        await Refused(5, "before has 50 × 20 pixels, after has 50 × 19", "--compare", _before, small);
        await Refused(2, "no such file", "--compare", _before, "nowhere.png");
        await Refused(2, "--compare", "--compare", _before);
        await Refused(2, "--compare takes two pictures", "--compare", _before, _after, clip);
        await Refused(2, "--compare takes two pictures", "--compare", _before, _after, "--text", "x");
        await Refused(2, "stdin", "--compare", "-", "-");
        (await _ana.RunAsync("list")).Out.Should().BeEmpty();
    }
}
