using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class RecordingAndTextTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private const string Header2 = """{"version": 2, "width": 80, "height": 24, "timestamp": 1504467315, "env": {"TERM": "xterm"}}""";
    private const string Header3 =
        """{"version": 3, "term": {"cols": 100, "rows": 40, "theme": {"fg": "#fff"}}, "timestamp": 1504467315}""";

    [Fact]
    public void Version_2_lasts_until_its_last_event()
    {
        var path = media.Write($"{Header2}\n[0.25, \"o\", \"a\"]\n[1.5, \"i\", \"b\"]\n[3.75, \"o\", \"\\u001b[31mé\"]\n");

        Inspecting.Inspect(path).Should().Be(new MediaFacts("recording", "application/x-asciicast", 80, 24, 3750));
    }

    [Fact]
    public void Of_the_environment_only_shell_and_terminal_stay()
    {
        const string header =
            """{"version": 2, "width": 80, "height": 24, "env": {"TERM": "xterm", "AWS_SECRET": "GEHEIM", "SHELL": "/bin/sh"}, "title": "a"}""";
        var path = media.Write($"{header}\n[0.25, \"o\", \"a\"]\n");

        Inspecting.RemoveMetadata(path).Changed.Should().BeTrue();

        File.ReadAllText(path)
            .Should()
            .Be(
                """{"version": 2, "width": 80, "height": 24, "env": {"TERM":"xterm","SHELL":"/bin/sh"}, "title": "a"}"""
                    + "\n[0.25, \"o\", \"a\"]\n"
            );
        Inspecting.RemoveMetadata(path).Changed.Should().BeFalse();
        Inspecting.Inspect(path).DurationMs.Should().Be(250);
    }

    [Fact]
    public void What_was_typed_goes_and_times_stay_where_they_are_told_from_the_beginning()
    {
        var path = media.Write(
            $"{Header2}\n[0.25, \"o\", \"Password:\"]\n[0.5, \"i\", \"hunter2\"]\n# kept\n[1.5, \"\\u0069\", \"\\r\"]\r\n[3.75, \"o\", \"ok i\"]\n[9, \"i\", \"exit\"]"
        );
        Inspecting.Inspect(path).DurationMs.Should().Be(3750, "it ends with what it shows last");

        Inspecting.RemoveMetadata(path).Changed.Should().BeTrue();

        File.ReadAllText(path).Should().Be($"{Header2}\n[0.25, \"o\", \"Password:\"]\n# kept\n[3.75, \"o\", \"ok i\"]\n");
        Inspecting.RemoveMetadata(path).Changed.Should().BeFalse();
        Inspecting.Inspect(path).DurationMs.Should().Be(3750);
    }

    [Fact]
    public void What_was_typed_hands_its_interval_on_where_times_are_told_from_the_event_before()
    {
        var path = media.Write(
            $"{Header3}\n[0.25, \"o\", \"$\"]\n[0.1, \"i\", \"h\"]\n[0.2, \"i\", \"i\"]\n\n[1.5, \"o\", \"a\"]\n[2, \"o\", \"b\"]\n[7, \"i\", \"c\"]\n[1e-7,\"r\",\"80x24\"]\n[5, \"i\", \"d\"]\n"
        );
        var before = Inspecting.Inspect(path);

        Inspecting.RemoveMetadata(path).Changed.Should().BeTrue();

        File.ReadAllText(path)
            .Should()
            .Be($"{Header3}\n[0.25, \"o\", \"$\"]\n\n[1.8, \"o\", \"a\"]\n[2, \"o\", \"b\"]\n[7,\"r\",\"80x24\"]\n");
        (before.DurationMs, Inspecting.Inspect(path).DurationMs).Should().Be((11050, 11050));
    }

    [Fact]
    public void However_short_the_times_are_written_a_sum_finds_room()
    {
        var path = media.Write($"{Header3}\n[9e8,\"i\",\"\"]\n[1e-6,\"o\",\"\"]\n[1e1,\"i\",\"\"]\n[0,\"i\",\"\"]\n[1e-6,\"o\",\"x\"]\n");

        Inspecting.RemoveMetadata(path).Changed.Should().BeTrue();

        File.ReadAllText(path).Should().Be($"{Header3}\n[900000000.000001,\"o\",\"\"]\n[10.000001,\"o\",\"x\"]\n");
    }

    [Fact]
    public void Version_3_lasts_as_long_as_its_intervals_together_and_has_comments()
    {
        var path = media.Write($"{Header3}\n# a comment\n[0.25, \"o\", \"a\"]\n[1.5, \"m\", \"chapter\"]\n\n[2, \"x\", \"0\"]");

        Inspecting.Inspect(path).Should().Be(new MediaFacts("recording", "application/x-asciicast", 100, 40, 3750));
    }

    [Theory]
    [InlineData("[0.5, \"o\"]")]
    [InlineData("[-1, \"o\", \"a\"]")]
    [InlineData("[1e999, \"o\", \"a\"]")]
    [InlineData("[\"1\", \"o\", \"a\"]")]
    [InlineData("[1, \"o\", \"a\", 2]")]
    [InlineData("[1, \"o\", \"a\"] x")]
    [InlineData("{\"a\": 1}")]
    [InlineData("[1, \"o\", \"bro")]
    public void A_line_that_is_no_event_is_named(string line)
    {
        var path = media.Write($"{Header2}\n[0.25, \"o\", \"a\"]\n{line}\n");

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*asciicast*line 3*");
    }

    [Theory]
    [InlineData("""{"name": "package", "version": "1.2.3"}""")]
    [InlineData("""{"version": 1, "name": "settings"}""")]
    [InlineData("""{"version": 2, "name": "settings"}""")]
    [InlineData("{\"version\": \"2\", \"level\": \"info\"}\n{\"version\": \"2\", \"level\": \"warn\"}\n")]
    public void JSON_that_is_no_recording_is_text(string json) =>
        Inspecting.Inspect(media.Write(json)).Should().Be(new MediaFacts("text", "text/plain"));

    [Theory]
    [InlineData("""{"version": 1, "width": 80, "height": 24, "stdout": []}""")]
    [InlineData("{\n  \"version\": 1,\n  \"width\": 80,\n  \"height\": 24,\n  \"stdout\": [\n    [0.1, \"a\"]\n  ]\n}\n")]
    [InlineData("\uFEFF{\"version\": 1, \"width\": 80, \"height\": 24, \"stdout\": []}")]
    public void A_recording_of_version_1_is_named_as_such(string json)
    {
        var inspecting = () => Inspecting.Inspect(media.Write(json));

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*asciicast v1*asciinema convert*");
    }

    [Theory]
    [InlineData("""{"version": 2, "width": 0, "height": 24}""")]
    [InlineData("{\"version\": 2,\n \"width\": 80}")]
    [InlineData("""{"version": 3, "term": {"cols": 80}}""")]
    [InlineData("""{"version": 4, "term": {"cols": 80, "rows": 24}}""")]
    public void A_recording_with_a_broken_header_does_not_become_text(string json)
    {
        var inspecting = () => Inspecting.Inspect(media.Write(json));

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*asciicast*header*version 2 or 3*");
    }

    [Theory]
    [InlineData("[0.5, \"z\", {\"a\": [1, 2]}]")]
    [InlineData("[0.5, \"z\", 7]")]
    [InlineData("[0.5, \"z\", null]")]
    [InlineData("[0.5, \"zoom\", [1, [2]]]")]
    [InlineData("[0.5, \"z\"]")]
    [InlineData("[0.5, \"z\", \"a\", \"b\"]")]
    [InlineData("[0.5, \"z\", {\"a\": 1}, [2], null]")]
    public void An_event_that_nobody_here_knows_is_passed_on(string line)
    {
        var path = media.Write($"{Header2}\n[0.25, \"o\", \"a\"]\n{line}\n[0.75, \"o\", \"b\"]\n");

        Inspecting.Inspect(path).DurationMs.Should().Be(750);
        Inspecting.RemoveMetadata(path);

        File.ReadAllText(path).Should().Contain(line);
    }

    [Theory]
    [InlineData("[0.5, \"o\", {\"a\": 1}]")]
    [InlineData("[0.5, \"i\", 1]")]
    [InlineData("[0.5, \"r\", null]")]
    [InlineData("[0.5, \"o\"]")]
    [InlineData("[0.5, \"z\", {\"a\": 1]")]
    public void Events_that_are_known_hold_text(string line)
    {
        var inspecting = () => Inspecting.Inspect(media.Write($"{Header2}\n{line}\n"));

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*line 2 is not an event*");
    }

    [Theory]
    [InlineData("[0.5, \"o\", \"GEH")]
    [InlineData("[0.5, \"o\", \"a\\")]
    [InlineData("[0.5, \"o\"")]
    [InlineData("[0.")]
    [InlineData("[")]
    public void The_last_line_of_a_recorder_that_was_killed_is_cut_off(string begun)
    {
        var whole = $"{Header2}\n[0.25, \"o\", \"a\"]\n";
        var path = media.Write(whole + begun);

        Inspecting.Inspect(path).DurationMs.Should().Be(250);
        Inspecting.RemoveMetadata(path);

        File.ReadAllText(path).Should().Be(whole);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{\"a\": 1")]
    [InlineData("[0.5, \"o\", 7]")]
    [InlineData("[0.5, \"o\", \"a\"] x")]
    public void A_last_line_that_is_not_the_beginning_of_an_event_is_refused(string line)
    {
        var inspecting = () => Inspecting.Inspect(media.Write($"{Header2}\n{line}"));

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*line 2 is not an event*");
    }

    [Fact]
    public void A_mark_of_UTF_8_is_taken_off_a_recording()
    {
        const string rest =
            "{\"version\": 2, \"width\": 80, \"height\": 24, \"env\": {\"TERM\": \"xterm\", \"KEY\": \"GEHEIM\"}}\n[0.25, \"o\", \"a\"]\n[0.5, \"i\", \"x\"]\n";
        var path = media.Write("\uFEFF" + rest);

        Inspecting.Inspect(path).Should().Be(new MediaFacts("recording", "application/x-asciicast", 80, 24, 250));
        Inspecting.RemoveMetadata(path);

        File.ReadAllText(path)
            .Should()
            .Be("{\"version\": 2, \"width\": 80, \"height\": 24, \"env\": {\"TERM\":\"xterm\"}}\n[0.25, \"o\", \"a\"]\n");
        File.ReadAllBytes(path)[0].Should().Be((byte)'{');
    }

    [Theory]
    [InlineData("Hello\n")]
    [InlineData("Grüße 🎉")]
    [InlineData("\uFEFFwith a mark")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("<!doctype html><script>alert(1)</script>")]
    [InlineData("\u001b[31mred\u001b[0m")]
    public void Any_UTF_8_is_text_and_nothing_but_text(string text) =>
        Inspecting.Inspect(media.Write(text)).Should().Be(new MediaFacts("text", "text/plain"));

    [Fact]
    public void Text_is_guessed_though_its_first_bytes_end_within_a_character()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("🎉", 100)));

        for (var length = 4; length < 20; length++)
            MediaInspector.Guess(bytes.AsSpan(0, length))?.Kind.Should().Be("text");
    }

    [Fact]
    public void A_recording_is_guessed_by_its_header()
    {
        MediaInspector.Guess("{\"version\": 3, \"term\""u8)?.Kind.Should().Be("recording");
        MediaInspector.Guess("%PDF-1.4\n"u8).Should().BeNull();
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 })]
    [InlineData(new byte[] { 0x61, 0xC3 })]
    [InlineData(new byte[] { 0x61, 0xFF, 0x62 })]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00 })]
    [InlineData(new byte[] { })]
    public void Bytes_that_are_not_UTF_8_are_refused(byte[] bytes)
    {
        var path = media.Write(bytes);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaRefusedException>();
    }

    [Fact]
    public void Text_that_is_broken_after_its_first_bytes_is_refused()
    {
        var bytes = new byte[10_000];
        Array.Fill(bytes, (byte)'a');
        bytes[9_000] = 0xFF;
        var path = media.Write(bytes);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*UTF-8*");
    }

    [Fact]
    public void Text_over_64_KiB_is_too_large()
    {
        var path = media.Write(new string('a', 65_537));

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*65,537 bytes*65,536*");
    }
}
