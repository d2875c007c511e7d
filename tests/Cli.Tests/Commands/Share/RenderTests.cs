using System.Text.Json;
using System.Xml.Linq;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public sealed class RenderTests : CommandTests
{
    private const string Cast = """
        {"version":2,"width":20,"height":3}
        [0.5,"o","hello"]
        [30,"o","\r\nworld"]
        """;

    private string Target => Path.Combine(_ana.Home, "x.svg");

    [Fact]
    public async Task A_file_becomes_an_svg_without_a_server_or_an_account()
    {
        using var nobody = new Shell();
        var cast = nobody.WriteFile("demo.cast", Cast);
        var target = Path.Combine(nobody.Home, "x.svg");

        var ran = await nobody.RunAsync("render", cast, "-o", target);

        (ran.ExitCode, ran.Out, ran.Error).Should().Be((0, target + "\n", ""));
        var svg = XDocument.Load(target).Root!;
        svg.Elements().First().Value.Should().Be("demo");
        svg.Value.Should().ContainAll("hello", "world", "animation:5.5s");
        (await nobody.RunAsync("render", cast, "-o", nobody.Home)).Out.Should().Be(Path.Combine(nobody.Home, "demo.svg") + "\n");
        (await nobody.RunAsync("render", cast, "-o", "-")).OutBytes.Should().Equal(await File.ReadAllBytesAsync(target));
    }

    [Fact]
    public async Task The_options_decide_ground_width_pauses_and_instant()
    {
        var cast = _ana.WriteFile("demo.cast", Cast);

        var light = (await _ana.RunAsync("render", cast, "-o", "-", "--theme", "light", "--width", "3", "--idle-limit", "0.25")).Out;
        light.Should().Contain("fill=\"#fafafa\"").And.Contain(">hel<").And.Contain("animation:3.5s");

        var still = (await _ana.RunAsync("render", cast, "-o", "-", "--at", "1")).Out;
        still.Should().Contain(">hello<").And.NotContain("world").And.NotContain("animation");
    }

    [Fact]
    public async Task A_story_is_rendered_if_it_is_a_recording_or_a_text_card()
    {
        var recording = await PostAsync(_ana.WriteFile("demo.cast", Cast), "--caption", "The build");
        var card = await PostAsync("--text", "Back at three");
        var photo = await PostAsync(_ana.WriteFile("photo.jpg", await TestMedia.JpegAsync()));

        (await _bob.RunAsync("render", recording, "-o", "-")).Out.Should().Contain("<title>The build</title>").And.Contain(">world<");
        (await _bob.RunAsync("render", card, "-o", "-")).Out.Should().Contain(">Back at three<");
        var refused = await _bob.RunAsync("render", photo, "-o", "-");
        (refused.ExitCode, refused.Out).Should().Be((5, ""));
        refused.Error.Should().Contain("is of the kind image").And.Contain($"stories get {photo}");
        (await _bob.RunAsync("list", "--unseen", "--quiet")).Lines.Should().HaveCount(3, "rendering is not looking");
    }

    [Fact]
    public async Task An_existing_file_stays_unless_force_is_given()
    {
        var cast = _ana.WriteFile("demo.cast", Cast);
        _ana.WriteFile("x.svg", "mine");

        (await _ana.RunAsync("render", cast, "-o", Target)).Should().Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("--force"));
        File.ReadAllText(Target).Should().Be("mine");
        var forced = await _ana.RunAsync("render", cast, "-o", Target, "--force", "--json");
        JsonDocument.Parse(forced.Out).RootElement.GetProperty("path").GetString().Should().Be(Target);
        File.ReadAllText(Target).Should().StartWith("<svg");
    }

    [Fact]
    public async Task What_cannot_be_rendered_leaves_no_file_and_says_why()
    {
        var notes = _ana.WriteFile("notes.txt", "no recording");

        var ran = await _ana.RunAsync("render", notes, "-o", Target);
        (ran.ExitCode, ran.Error).Should().Be((5, $"stories: {notes}: The recording's first line is no header of an asciicast.\n"));
        File.Exists(Target).Should().BeFalse();
        (await _ana.RunAsync("render", "missing.cast", "-o", Target))
            .Should()
            .Match<Ran>(r => r.ExitCode == 2 && r.Error.Contains("no such file"));
        (await _ana.RunAsync("render", "01kb3v8sxq7m2c4w9e5r1t0y6z", "-o", Target)).ExitCode.Should().Be(3);
        (await _ana.RunAsync("render", await Pipe.MakeAsync(_ana.Home), "-o", Target).WaitAsync(TimeSpan.FromMinutes(1)))
            .Should()
            .Match<Ran>(r => r.ExitCode == 2 && r.Error.Contains("is a pipe or a device"));
        foreach (
            var (option, value) in new[]
            {
                ("--at", "soon"),
                ("--at", "-1"),
                ("--idle-limit", "1e9"),
                ("--width", "0"),
                ("--theme", "blue"),
            }
        )
        {
            (await _ana.RunAsync("render", notes, "-o", Target, option, value)).ExitCode.Should().Be(2, option);
        }
        (await _ana.RunAsync("render", notes)).ExitCode.Should().Be(2);
    }

    private async Task<string> PostAsync(params string[] what)
    {
        var ran = await _ana.RunAsync(["post", .. what, "--quiet"]);
        ran.ExitCode.Should().Be(0, ran.Error);
        return ran.Out.Trim();
    }
}
