using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.Drawing;

namespace StoriesCli.Tui.Tests.Screen;

public class ThemeTests
{
    private static readonly Tone[] _tones = [Tone.Plain, Tone.Dim, Tone.Accent, Tone.Good, Tone.Bad];

    private static readonly Theme[] _themes = [Theme.Neutral, Theme.Dark, Theme.Light, Theme.Contrast, Theme.ContrastLight];

    public static TheoryData<string, bool> Names
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var theme in _themes)
            {
                data.Add(theme.Name + (theme.IsLight ? " on light" : ""), false);
                data.Add(theme.Name + (theme.IsLight ? " on light" : ""), true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Letters_can_be_read_on_every_ground(string name, bool indexed)
    {
        var theme = _themes.Single(theme => theme.Name + (theme.IsLight ? " on light" : "") == name);
        var least = theme.Name == "contrast" ? 7 : Brightness.Readable;
        var palette = new Palette(indexed ? ColourDepth.Indexed : ColourDepth.True, theme);
        foreach (var tone in _tones)
        {
            foreach (var ground in theme.Grounds.Where(_ => theme.Text[tone] is not null))
            {
                var drawn = palette.Of(tone).Foreground;
                Stands(Seen(new(drawn.R, drawn.G, drawn.B)), ground, least, $"{tone} on {ground}");
            }
            foreach (var card in theme.Cards)
            {
                Stands(Seen(theme.OnCard[tone]!.Value), Seen(card), least, $"{tone} on the card {card}");
            }
        }

        Rgb Seen(Rgb colour) => indexed && Sgr.Indexed(Colours.NearestIndexed(colour)) is { } shown ? shown : colour;

        static void Stands(Rgb letters, Rgb ground, double least, string where) =>
            Brightness.Contrast(letters, ground).Should().BeGreaterThanOrEqualTo(least, "{0}", where);
    }

    /// <summary>
    /// As terminals have the sixteen unless their owner chose others. Where nobody knows the ground, no colour of them can be read on all grounds.
    /// </summary>
    [Theory]
    [MemberData(nameof(NamesInSixteen))]
    public void Sixteen_colours_can_be_read_on_black_or_on_white(string name)
    {
        var theme = _themes.Single(theme => theme.Name + (theme.IsLight ? " on light" : "") == name);
        foreach (var tone in _tones)
        {
            var drawn = new Palette(ColourDepth.Sixteen, theme).Of(tone).Foreground;
            if (drawn != Color.None)
            {
                Brightness
                    .Contrast(Sgr.Sixteen[(int)drawn.GetClosestNamedColor16()], theme.Grounds[0])
                    .Should()
                    .BeGreaterThanOrEqualTo(Brightness.Readable, "{0} in {1}", tone, name);
            }
        }
    }

    public static TheoryData<string> NamesInSixteen =>
        [.. _themes.Where(theme => theme != Theme.Neutral).Select(theme => theme.Name + (theme.IsLight ? " on light" : ""))];

    [Theory]
    [InlineData(0, 110, 200)]
    [InlineData(0, 0, 0)]
    [InlineData(255, 255, 255)]
    [InlineData(120, 120, 120)]
    public void Colours_of_an_author_can_be_read_on_every_card(byte red, byte green, byte blue)
    {
        foreach (var theme in _themes)
        {
            for (var card = 0; card < theme.Cards.Length; card++)
            {
                var drawn = new Palette(ColourDepth.True, theme).Of(new Ink(Tone.Plain, new(red, green, blue)), card);
                Brightness
                    .Contrast(
                        new(drawn.Foreground.R, drawn.Foreground.G, drawn.Foreground.B),
                        new(drawn.Background.R, drawn.Background.G, drawn.Background.B)
                    )
                    .Should()
                    .BeGreaterThanOrEqualTo(Brightness.Readable);
            }
        }
    }

    [Fact]
    public void Black_and_white_stand_out_most() =>
        Brightness.Contrast(new(0, 0, 0), new(255, 255, 255)).Should().BeApproximately(21, 0.01);

    [Fact]
    public void The_terminal_says_whether_it_is_light_unless_the_viewer_did()
    {
        Theme.For(ThemeChoice.Auto, null).Should().Be(Theme.Neutral);
        Theme.For(ThemeChoice.Auto, new(20, 20, 30)).Should().Be(Theme.Dark);
        Theme.For(ThemeChoice.Auto, new(253, 246, 227)).Should().Be(Theme.Light);
        Theme.For(ThemeChoice.Dark, new(255, 255, 255)).Should().Be(Theme.Dark);
        Theme.For(ThemeChoice.Contrast, new(255, 255, 255)).Should().Be(Theme.ContrastLight);
    }

    [Fact]
    public void Another_theme_draws_everything_anew()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1, StoryKinds.Text)), 120, 40);
        screen.Receive(new TerminalMsg.ThemeChanged(Theme.Light));

        var (red, green, blue) = (Theme.Light.Text.Accent.Red, Theme.Light.Text.Accent.Green, Theme.Light.Text.Accent.Blue);
        screen.At(0, 1).Attribute!.Value.Foreground.Should().Be(new Color(red, green, blue));
        var at = screen.Lines.ToList().FindIndex(line => line.Contains("card of ana", StringComparison.Ordinal));
        var card = screen.At(screen.Lines[at].IndexOf("card of ana", StringComparison.Ordinal), at).Attribute!.Value;
        Theme.Light.Cards.Should().Contain(new Rgb(card.Background.R, card.Background.G, card.Background.B));
    }
}
