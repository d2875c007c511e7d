using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using StbImageSharp;
using StoriesCli.Testing;
using StoriesCli.Tui.Recordings.Svg;

namespace StoriesCli.Tui.Tests.Recordings;

/// <summary>Recordings and text cards as SVG. The golden file is written to the folder that STORIES_GOLDEN names.</summary>
public sealed class SvgPictureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stories-svg-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Cast(int columns, int rows, params (double At, string Output)[] events) =>
        string.Join(
            '\n',
            events
                .Select(one => JsonSerializer.Serialize(new object[] { one.At, "o", one.Output }))
                .Prepend($$"""{"version":2,"width":{{columns}},"height":{{rows}}}""")
        );

    private static Task<string> DrawAsync(string cast, SvgSettings? settings = null) =>
        SvgPicture.OfRecordingAsync(new MemoryStream(Encoding.UTF8.GetBytes(cast)), settings ?? new());

    private static async Task<SvgScreen> ScreenAsync(string cast, SvgSettings? settings = null) => new(await DrawAsync(cast, settings));

    [Fact]
    public async Task Every_frame_is_shown_from_its_time_to_the_next_and_then_it_begins_again()
    {
        var screen = await ScreenAsync(Cast(20, 3, (0.5, "one"), (1.0, "\r\ntwo"), (2.0, "\rTWO"), (2.5, "\e[A\rONE\r\n\n")));

        screen.Seconds.Should().Be(5.5, "the last screen stays for three seconds");
        screen.At(0.4).Should().Equal("", "", "");
        screen.At(0.6).Should().Equal("one", "", "");
        screen.At(1.1).Should().Equal("one", "two", "");
        screen.At(1.9).Should().Equal("one", "two", "");
        screen.At(2.1).Should().Equal("one", "TWO", "");
        screen.At(2.6).Should().Equal("ONE", "TWO", "");
        screen.At(5.4).Should().Equal("ONE", "TWO", "");
        screen.At(null).Should().Equal(screen.At(5.4), "programs that move nothing show the last screen");
        screen.Style.Should().Contain("prefers-reduced-motion:reduce").And.Contain("infinite");
    }

    [Fact]
    public async Task Pauses_are_cut_to_two_seconds_or_to_what_is_asked_for()
    {
        var cast = Cast(20, 1, (0, "a"), (60, "b"));

        (await ScreenAsync(cast)).Seconds.Should().Be(5);
        (await ScreenAsync(cast, new() { IdleLimit = TimeSpan.FromSeconds(0.5) })).Seconds.Should().Be(3.5);
        (await ScreenAsync(cast, new() { IdleLimit = TimeSpan.FromMinutes(5) })).Seconds.Should().Be(63);
    }

    [Theory]
    [InlineData(0.0, "")]
    [InlineData(0.7, "one")]
    [InlineData(1.0, "onetwo")]
    [InlineData(999, "onetwo")]
    public async Task A_still_shows_the_screen_at_its_time(double at, string shown)
    {
        var screen = await ScreenAsync(Cast(20, 1, (0.5, "one\e[?25l"), (1.0, "two")), new() { At = TimeSpan.FromSeconds(at) });

        screen.Seconds.Should().Be(0);
        string.Concat(screen.Texts.Select(text => text.Value)).Should().Be(shown);
        screen.Style.Should().NotContain("animation");
    }

    [Theory]
    [InlineData("{\"version\":2,\"width\":0,\"height\":0}\n[0,\"o\",\"x\"]", "states 0 columns and 0 rows")]
    [InlineData("{\"version\":2,\"width\":80,\"height\":-3}\n[0,\"o\",\"x\"]", "states 80 columns and -3 rows")]
    [InlineData("{\"version\":2}\n[0,\"o\",\"x\"]", "states 0 columns and 0 rows")]
    [InlineData("{\"version\":3,\"term\":{\"cols\":0,\"rows\":24}}\n[0,\"o\",\"x\"]", "states 0 columns and 24 rows")]
    [InlineData("""{"version":2,"width":80,"height":24}""", "has a header and 0 events, but no output")]
    [InlineData(
        "{\"version\":2,\"width\":80,\"height\":24}\n[1,\"r\",\"90x30\"]\n[2,\"o\",\"\"]",
        "has a header and 2 events, but no output"
    )]
    [InlineData("", "is empty")]
    public async Task A_recording_that_shows_nothing_is_refused_in_words(string cast, string fault)
    {
        (await FluentActions.Awaiting(() => DrawAsync(cast)).Should().ThrowAsync<InvalidDataException>()).WithMessage($"*{fault}*");
    }

    [Theory]
    [InlineData("""{"version":2,"width":1e300,"height":1e300}""")]
    [InlineData("""{"version":2,"width":2147483648,"height":1000000}""")]
    public async Task A_size_that_no_terminal_has_is_bounded(string header)
    {
        var root = XDocument.Parse(await DrawAsync(header + "\n[0,\"o\",\"x\"]")).Root!;

        double.Parse(root.Attribute("width")!.Value, System.Globalization.CultureInfo.InvariantCulture).Should().BeLessThan(5000);
        double.Parse(root.Attribute("height")!.Value, System.Globalization.CultureInfo.InvariantCulture).Should().BeLessThan(5000);
    }

    [Fact]
    public async Task Titles_and_bytes_that_no_page_may_hold_are_cleaned()
    {
        byte[] cast =
        [
            .. "{\"version\":2,\"width\":20,\"height\":2,\"title\":\"\\u0000\\u001b[31m\"}\n"u8,
            .. "[0,\"o\",\"ok \\u0000\\u0008\\ufffe\"]\n[0.1,\"o\",\"\\ud800\"]\n[0.2,\"o\",\""u8,
            0xff,
            0xc3,
            .. "\"]\n[0.3,\"o\",\" end\"]\n"u8,
        ];

        var svg = await SvgPicture.OfRecordingAsync(new MemoryStream(cast), new() { Title = "a\e[31m\0\u202e\ud800\uffff<b>" });

        var root = XDocument.Parse(svg).Root!;
        root.Elements().First().Value.Should().StartWith("a").And.EndWith("<b>").And.NotContainAny("\e", "\u202e", "\uffff", "[31m");
        string.Concat(new SvgScreen(svg).Texts.Select(text => text.Value)).Should().Contain("ok").And.Contain("end");
    }

    [Fact]
    public async Task Nothing_of_a_recording_becomes_markup_and_nothing_is_fetched_or_run()
    {
        const string Hostile = "</text><script>alert(1)</script><image href='http://evil.example/'/> & \" ]]>";
        var svg = await DrawAsync(
            Cast(120, 4, (0.1, Hostile + "\r\n\uffff\ufffe\u0085 ▀▄"), (0.2, "\e]8;;http://evil.example\e\\link\e]8;;\e\\")),
            new() { Title = "<b>&\"" }
        );

        var root = XDocument.Parse(svg).Root!;
        root.Descendants(SvgScreen.Svg + "text").First().Value.Should().Be(Hostile);
        root.Element(SvgScreen.Svg + "title")!.Value.Should().Be("<b>&\"");
        root.DescendantsAndSelf()
            .Select(element => element.Name.LocalName)
            .Distinct()
            .Should()
            .BeSubsetOf(["svg", "title", "style", "defs", "g", "use", "rect", "text", "path", "image"]);
        var attributes = root.DescendantsAndSelf().Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).ToArray();
        attributes.Should().NotContain(attribute => attribute.Name.LocalName.StartsWith("on"));
        var references = attributes.Where(attribute => attribute.Name.LocalName == "href").ToArray();
        references
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(one => one.Value.StartsWith('#') || one.Value.StartsWith("data:image/png;base64,"));
        attributes.Except(references).Should().NotContain(attribute => attribute.Value.Contains("url("));
        root.Element(SvgScreen.Svg + "style")!.Value.Should().NotContainAny("url(", "@import");
    }

    [Fact]
    public async Task Colours_and_styles_are_those_of_the_terminal()
    {
        var screen = await ScreenAsync(
            Cast(
                40,
                1,
                (
                    0,
                    "\e[31mred\e[0m \e[38;2;1;2;3mown\e[0m \e[1mbold\e[0m \e[3;4mruled\e[0m \e[2mfaint\e[0m \e[9;4mboth\e[0m \e[7mback\e[0m\e[?25l"
                )
            )
        );

        XElement Text(string of) => screen.Texts.Single(text => text.Value == of);
        Text("red").Attribute("fill")!.Value.Should().Be("#cd3131");
        Text("own").Attribute("fill")!.Value.Should().Be("#010203");
        Text("bold").Attribute("class")!.Value.Should().Be("b");
        Text("bold").Attribute("fill").Should().BeNull("letters have the colour of the picture");
        Text("ruled").Attribute("class")!.Value.Should().Be("i u");
        Text("faint").Attribute("class")!.Value.Should().Be("f");
        Text("both").Attribute("class")!.Value.Should().Contain("us");
        Text("back").Attribute("fill")!.Value.Should().Be("#121212");
        var ground = screen.Root.Descendants(SvgScreen.Svg + "rect").Last();
        ground.Attribute("fill")!.Value.Should().Be("#ccc");
        ground.Attribute("width")!.Value.Should().Be("33.6");
        ground.Attribute("x")!.Value.Should().Be(Text("back").Attribute("x")!.Value);
    }

    [Fact]
    public async Task A_light_theme_has_a_light_ground_and_no_letters_that_fade_on_it()
    {
        var screen = await ScreenAsync(Cast(20, 1, (0, "\e[97mwhite\e[0m \e[44;97mon blue\e[0m")), new() { IsLight = true });

        screen.Root.Element(SvgScreen.Svg + "rect")!.Attribute("fill")!.Value.Should().Be("#fafafa");
        screen.Texts.Single(text => text.Value == "white").Attribute("fill").Should().BeNull();
        screen.Texts.Single(text => text.Value == "on blue").Attribute("fill")!.Value.Should().Be("#fff");
    }

    [Fact]
    public async Task A_wide_character_takes_two_columns_and_moves_nothing()
    {
        var screen = await ScreenAsync(Cast(20, 1, (0, "a陳e\u0301山b\e[?25l")), new() { Columns = 7 });

        screen
            .Texts.Select(text => (text.Value, text.Attribute("x")!.Value, text.Attribute("textLength")?.Value))
            .Should()
            .Equal(("a", "0", null), ("陳", "8.4", "16.8"), ("e\u0301", "25.2", null), ("山", "33.6", "16.8"), ("b", "50.4", null));
        (await ScreenAsync(Cast(20, 1, (0, "a陳")), new() { Columns = 2 }))
            .Texts.Select(text => text.Value)
            .Should()
            .Equal(["a"], "half a character is no character");
    }

    [Fact]
    public async Task A_picture_in_blocks_is_a_picture_of_its_pixels()
    {
        var screen = await ScreenAsync(Cast(4, 1, (0, "\e[38;2;255;0;0;48;2;0;0;255m▀\e[38;2;0;255;0m▀\e[0;38;2;9;8;7m▄\e[?25l")));

        var data = screen.Root.Descendants(SvgScreen.Svg + "image").Single().Attribute("href")!.Value.Split(',')[1];
        var image = ImageResult.FromMemory(Convert.FromBase64String(data), ColorComponents.RedGreenBlueAlpha);
        (image.Width, image.Height).Should().Be((3, 2));
        image
            .Data.Chunk(4)
            .Select(pixel => string.Join(' ', pixel))
            .Should()
            .Equal("255 0 0 255", "0 255 0 255", "0 0 0 0", "0 0 255 255", "0 0 255 255", "9 8 7 255");
        (await DrawAsync(Cast(4, 1, (0, "▌▚")))).Should().Contain("<image", "quarters are blocks, too");
    }

    [Fact]
    public async Task Lines_of_boxes_are_drawn_without_gaps()
    {
        var screen = await ScreenAsync(Cast(6, 2, (0, "╭──╮\r\n│━━│\e[?25l")));

        screen.Texts.Should().BeEmpty();
        var paths = screen.Root.Descendants(SvgScreen.Svg + "path").ToArray();
        paths.Select(path => path.Attribute("stroke-width")!.Value).Should().Equal("1", "1", "3");
        paths[0].Attribute("d")!.Value.Should().Contain("M8.4 8.5H25.2");
        paths[2].Attribute("d")!.Value.Should().Be("M8.4 8.5H25.2");
    }

    [Fact]
    public async Task A_terminal_that_grows_shows_its_new_rows_from_then_on()
    {
        var cast = Cast(10, 1, (0.5, "a")) + "\n" + """[1,"r","12x2"]""" + "\n" + """[1.5,"o","\r\nb"]""";

        var screen = await ScreenAsync(cast);

        screen.At(0.9).Should().Equal("a", "");
        screen.At(1.6).Should().Equal("a", "b");
        screen.At(null).Should().Equal("a", "b");
    }

    [Fact]
    public async Task What_needs_too_many_frames_bytes_or_work_is_refused_in_words()
    {
        var frames = Cast(2, 1, [.. Enumerable.Range(0, 10_001).Select(i => (i * 0.04, i % 2 == 0 ? "\ra" : "\rb"))]);
        (await FluentActions.Awaiting(() => DrawAsync(frames)).Should().ThrowAsync<InvalidDataException>()).WithMessage("*10000 frames*");

        var random = new Random(1);
        var noise = Enumerable
            .Range(0, 25)
            .Select(i => (i * 0.1, "\e[H" + string.Concat(Enumerable.Range(0, 500 * 40).Select(_ => $"\e[38;5;{random.Next(256)}mx"))));
        (await FluentActions.Awaiting(() => DrawAsync(Cast(500, 40, [.. noise]))).Should().ThrowAsync<InvalidDataException>()).WithMessage(
            "*16 MiB*"
        );

        var work = Cast(500, 200, (0, "x" + string.Concat(Enumerable.Repeat("\e[65535b", 5_000))));
        (await FluentActions.Awaiting(() => DrawAsync(work)).Should().ThrowAsync<InvalidDataException>()).WithMessage("*too long to draw*");
        (await FluentActions.Awaiting(() => DrawAsync("no recording")).Should().ThrowAsync<InvalidDataException>()).WithMessage("*header*");
    }

    [Fact]
    public void A_text_card_is_a_still_in_its_colours()
    {
        var screen = new SvgScreen(SvgPicture.OfCard("# Title\n\n- one\n- two", "notes.md", new()));

        screen.Seconds.Should().Be(0);
        var shown = string.Join(' ', screen.Texts.Select(text => text.Value));
        shown.Should().ContainAll("Title", "one", "two").And.NotContain("#");
        new SvgScreen(SvgPicture.OfCard("+added\n-gone", "a.diff", new()))
            .Texts.Select(text => text.Attribute("fill")?.Value)
            .Should()
            .OnlyHaveUniqueItems()
            .And.NotContainNulls();
        FluentActions
            .Invoking(() => SvgPicture.OfCard(new string('\n', 300) + "end", null, new()))
            .Should()
            .Throw<InvalidDataException>()
            .WithMessage("*301 rows*at most 200*");
    }

    [Fact]
    public async Task A_small_recording_looks_as_it_was_agreed()
    {
        var svg = await DrawAsync(
            Cast(24, 3, (0.5, "$ \e[1mmake\e[0m\r\n"), (1.5, "\e[32m✔\e[0m 3 ▀▄ passed\r\n"), (1.8, "\e[1m━━━━\e[0m 陳 \e[7m ok \e[0m")),
            new() { Title = "make" }
        );

        var folder = Environment.GetEnvironmentVariable("STORIES_GOLDEN") is { Length: > 0 } written
            ? written
            : Path.Combine(AppContext.BaseDirectory, "Golden");
        if (folder == Environment.GetEnvironmentVariable("STORIES_GOLDEN"))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "recording.svg"), svg);
        }
        svg.Should().Be(await File.ReadAllTextAsync(Path.Combine(folder, "recording.svg")));
    }

    [Fact]
    public async Task A_browser_shows_the_last_screen_where_motion_is_unwanted_and_the_frames_where_it_is_not()
    {
        var cast = Cast(
            10,
            2,
            (0.5, "\e[?25l\e[41m          \e[0m\r\n"),
            (2.5, "\e[H\e[42m          \e[0m\r\n\e[38;2;0;0;255m██████████\e[H")
        );
        var svg = await DrawAsync(cast);
        // Held at an instant, because a browser does not say when it takes the picture.
        var held = svg.Replace("step-end infinite", "step-end -1.5s infinite paused");

        var last = await ShootAsync(svg, "--force-prefers-reduced-motion");
        var moving = await ShootAsync(held, "--hide-scrollbars");

        // In the middle of the first row, and of the second.
        Pixel(last, 54, 20).Should().Be((13, 188, 121));
        Pixel(last, 54, 37).Should().Be((0, 0, 255));
        Pixel(moving, 54, 20).Should().Be((205, 49, 49));
        Pixel(moving, 54, 37).Should().Be((18, 18, 18));
    }

    private async Task<ImageResult> ShootAsync(string svg, string option)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "x.svg"), svg);
        var png = Path.Combine(_folder.FullName, "x.png");
        (
            await CommandRun.OfAsync(
                new(
                    "chromium",
                    [
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--disable-dev-shm-usage",
                        $"--user-data-dir={Path.Combine(_folder.FullName, "chromium")}",
                        "--window-size=108,58",
                        option,
                        $"--screenshot={png}",
                        $"file://{Path.Combine(_folder.FullName, "x.svg")}",
                    ]
                )
                {
                    Environment = { ["HOME"] = _folder.FullName },
                }
            )
        ).Succeeded();
        return ImageResult.FromMemory(await File.ReadAllBytesAsync(png), ColorComponents.RedGreenBlue);
    }

    private static (byte, byte, byte) Pixel(ImageResult image, int x, int y)
    {
        var i = 3 * (y * image.Width + x);
        return (image.Data[i], image.Data[i + 1], image.Data[i + 2]);
    }
}
