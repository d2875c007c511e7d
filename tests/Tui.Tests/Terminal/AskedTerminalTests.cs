using System.Text;
using System.Text.RegularExpressions;
using StoriesCli.Testing;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Tests.Images;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>The terminal UI as a program of its own, in terminals that say what they are.</summary>
public sealed partial class AskedTerminalTests : IAsyncLifetime
{
    private static readonly PixelBuffer _picture = Some.Photo(200, 100);

    private ServerHost _host = null!;
    private string _command = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _command = await Viewer.CommandAsync(_host, "dora") + " Auto";
        var ana = await _host.SignInAsync("ana");
        await ana.Stories.PostAsync(
            new(),
            MediaUpload.FromBytes(PngEncoder.Encode(_picture), "picture.png"),
            ApiClient.NewIdempotencyKey()
        );
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_terminal_that_is_kitty_gets_kittys_graphics()
    {
        using var terminal = await AnswerAsync("\e_Gi=31;OK\e\\\eP>|kitty(0.41.1)\e\\");

        await UntilAsync(terminal, () => Kitty().IsMatch(terminal.Output));

        Decoded
            .Kitty(Encoding.ASCII.GetBytes(Kitty().Match(terminal.Output).Value))
            .Pixels.Size.Should()
            .Match<Box>(size => size.Width > 0);
    }

    [Fact]
    public async Task A_terminal_that_is_iTerm2_gets_the_file()
    {
        using var terminal = await AnswerAsync("\eP>|iTerm2 3.5.0\e\\");

        await UntilAsync(terminal, () => Iterm().IsMatch(terminal.Output));

        var (pixels, arguments) = Decoded.Iterm(Encoding.ASCII.GetBytes(Iterm().Match(terminal.Output).Value));
        pixels.DistanceTo(_picture).Should().BeLessThan(3, "it is the server's poster");
        arguments.Should().Contain("doNotMoveCursor", "1");
    }

    [Theory]
    [InlineData("foot(1.16.2)", 0x1FB00, 0x1FB3B)]
    [InlineData("XTerm(379)", 0x2596, 0x259F)]
    public async Task Other_terminals_get_the_blocks_that_they_have(string name, int first, int last)
    {
        using var terminal = await AnswerAsync($"\eP>|{name}\e\\");

        await UntilAsync(
            terminal,
            () => Enumerable.Range(0, 40).SelectMany(row => terminal.Row(row)).Any(glyph => glyph.Rune >= first && glyph.Rune <= last)
        );
    }

    private async Task<PseudoTerminal> AnswerAsync(string answers)
    {
        var terminal = new PseudoTerminal(120, 40, _command);
        await UntilAsync(
            terminal,
            () => terminal.Output.Contains("\e_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\e\\\e[>q\e[16t\e[c", StringComparison.Ordinal)
        );
        // Terminal.Gui asks for the attributes too, and takes an answer for itself.
        terminal.Press((terminal.Output.Contains("\e[0c", StringComparison.Ordinal) ? "\e[?62;c" : "") + answers + "\e[?62;c");
        return terminal;
    }

    private static Task UntilAsync(PseudoTerminal terminal, Func<bool> condition) =>
        Eventually.TrueAsync(() =>
        {
            while (terminal.Take() > 0) { }
            return condition();
        });

    [GeneratedRegex(@"\x1b_Ga=T(?:[^\x1b]*m=1;[^\x1b]*\x1b\\\x1b_G)*[^\x1b]*m=0;[^\x1b]*\x1b\\")]
    private static partial Regex Kitty();

    [GeneratedRegex(@"\x1b\]1337;File=[^\a]*\a")]
    private static partial Regex Iterm();
}
