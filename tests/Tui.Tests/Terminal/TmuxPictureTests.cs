using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StoriesCli.Testing;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Tests.Images;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>Pictures in a real tmux, in a terminal that says it is kitty and keeps what reaches it.</summary>
public sealed partial class TmuxPictureTests : IAsyncLifetime
{
    private const int Placeholder = 0x10EEEE;

    private static readonly PixelBuffer _first = Some.Photo(200, 100),
        _second = Some.Plain(100, 100, 250, 240, 20);

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-tmux-").FullName;
    private ServerHost _host = null!;
    private string _command = "";
    private PseudoTerminal _terminal = null!;
    private int _answered;
    private bool _isDeafToFirst;

    private string Socket => Path.Combine(_folder, "socket");

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        // Before the stories: it brings the server's clock up to date.
        _command = await Viewer.CommandAsync(_host, "dora");
        var ana = await _host.SignInAsync("ana");
        foreach (var (picture, caption) in new[] { (_first, "the first"), (_second, "the second") })
        {
            await ana.Stories.PostAsync(
                new() { Caption = caption },
                MediaUpload.FromBytes(PngEncoder.Encode(picture), "picture.png"),
                ApiClient.NewIdempotencyKey()
            );
        }
    }

    public async Task DisposeAsync()
    {
        await TmuxAsync("kill-server");
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_picture_goes_past_tmux_and_its_cells_through_it()
    {
        using var terminal = _terminal = await OpenAsync("set -g allow-passthrough on");

        await UntilAsync(() => ShownIn() is { } id && HasArrived(id));

        var first = ShownIn()!.Value;
        PictureOf(first).DistanceTo(_first).Should().BeLessThan(3, "the server's poster is a JPEG");
        // Each cell says which part of the picture it is.
        await UntilAsync(CellsAreWhole);
        _terminal.Press(" ");
        await UntilAsync(() => _terminal.Screen().Contains('⏸'));

        _terminal.Press("\e[C");
        await UntilAsync(() => ShownIn() is { } id && id != first && HasArrived(id));

        PictureOf(ShownIn()!.Value).DistanceTo(_second).Should().BeLessThan(3);
        await UntilAsync(() => _terminal.Output.Contains($"\e_Ga=d,d=I,i={first},q=2\e\\", StringComparison.Ordinal));
        _terminal.Output.Split($"i={first},a=T").Should().HaveCount(2, "it was sent once");
    }

    [Fact]
    public async Task While_another_window_is_looked_at_blocks_take_its_place_until_a_key_comes()
    {
        using var terminal = _terminal = await OpenAsync("set -g allow-passthrough on");
        await UntilAsync(() => ShownIn() is not null);
        _terminal.Press(" ");
        await UntilAsync(() => _terminal.Screen().Contains('⏸'));

        await TmuxAsync("new-window", "exec sleep 1000");
        await TmuxAsync("send-keys", "-t", ":0", "Right");
        // The pane has blocks, although nobody looks at it.
        await UntilAsync(async () =>
            (await TmuxAsync("capture-pane", "-p", "-t", ":0")) is var pane && !pane.Contains("\U0010EEEE") && pane.Contains("the second")
        );
        await TmuxAsync("select-window", "-t", ":0");
        await UntilAsync(() => ShownIn() is null && _terminal.Screen().Contains("the second", StringComparison.Ordinal));
        _terminal.Press("\e[A");

        await UntilAsync(() => ShownIn() is { } id && HasArrived(id));
        PictureOf(ShownIn()!.Value).DistanceTo(_second).Should().BeLessThan(3);
    }

    [Fact]
    public async Task Where_tmux_passes_nothing_on_there_are_blocks_and_nothing_is_sent_past_it()
    {
        using var terminal = _terminal = await OpenAsync("set -g allow-passthrough off");

        // Of the line at the bottom each cell has the same two colours.
        await UntilAsync(() => Enumerable.Range(0, 40).Any(row => _terminal.Row(row).DistinctBy(glyph => glyph.Ink.Back).Count() > 20));

        ShownIn().Should().BeNull();
        _terminal.Output.Should().NotContain("\e_G");
    }

    [Fact]
    public async Task A_picture_that_the_terminal_never_saw_is_sent_under_another_number_and_one_that_it_saw_is_not()
    {
        _isDeafToFirst = true;
        using var terminal = _terminal = await OpenAsync("set -g allow-passthrough on");
        await UntilAsync(() => ShownIn() is { } id && HasArrived(id));
        _terminal.Press(" ");

        await UntilAsync(() => Ids().Length == 2);
        await UntilAsync(() => ShownIn() == Ids()[^1] && HasArrived(Ids()[^1]));
        await UntilAsync(CellsAreWhole);

        PictureOf(Ids()[^1]).DistanceTo(_first).Should().BeLessThan(3);
        // Longer than it waits for an answer.
        var watch = Stopwatch.StartNew();
        await UntilAsync(() => watch.Elapsed > TimeSpan.FromSeconds(4));
        Ids().Should().HaveCount(2);
        ShownIn().Should().Be(Ids()[^1]);
    }

    [Theory]
    [InlineData("on", "the picture itself, by kitty's placeholders in tmux", "advice:")]
    [InlineData("off", "quadrants, all colours, because tmux does not pass pictures on", "set -g allow-passthrough on")]
    public async Task The_report_says_what_tmux_lacks(string passes, string found, string advice)
    {
        using var terminal = _terminal = await OpenAsync($"set -g allow-passthrough {passes}", Viewer.ReportCommand + "; sleep 1000");

        await UntilAsync(() => _terminal.Screen().Contains("advice:", StringComparison.Ordinal));

        _terminal.Screen().Replace(Environment.NewLine, "").Should().Contain($"found: {found}").And.Contain(advice);
    }

    private async Task<PseudoTerminal> OpenAsync(string configuration, string? command = null)
    {
        var configured = Path.Combine(_folder, "tmux.conf");
        await File.WriteAllTextAsync(configured, $"{configuration}\nset -ga terminal-overrides \",*:Tc\"\nset -sg escape-time 0\n");
        var script = Path.Combine(_folder, "view");
        await File.WriteAllTextAsync(script, $"{command ?? $"exec {_command} Auto"}\n");
        return new(120, 40, $"tmux -u -S {Socket} -f {configured} new-session sh {script}");
    }

    private Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync(() =>
            {
                while (_terminal.Take() > 0) { }
                Answer();
                return condition();
            });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; it shows:\n{_terminal.Screen()}", e);
        }
    }

    /// <summary>As kitty answers.</summary>
    private void Answer()
    {
        foreach (Match question in Question().Matches(_terminal.Output, _answered))
        {
            _terminal.Press(
                question.Value switch
                {
                    "\e[>q" => "\eP>|kitty(0.41.1)\e\\",
                    "\e[c" => "\e[?62;c",
                    "\e[>c" => "\e[>1;4000;41c",
                    _ when _isDeafToFirst && question.Groups["id"].Value == $"{Ids()[0]}" => "",
                    _ => $"\e_Gi={question.Groups["id"].Value};OK\e\\",
                }
            );
            _answered = question.Index + question.Length;
        }
    }

    /// <summary>The numbers of all pictures that were sent.</summary>
    private int[] Ids() =>
        [.. Sent().Matches(_terminal.Output).Select(match => int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture))];

    /// <summary>The number of the picture whose placeholders are on the screen.</summary>
    private int? ShownIn()
    {
        var colours = Cells().Select(cell => cell.Glyph.Ink.Fore).Distinct().ToArray();
        return colours is [{ } colour] ? colour.Red << 16 | colour.Green << 8 | colour.Blue : null;
    }

    private IEnumerable<(Glyph Glyph, int Column, int Row)> Cells() =>
        Enumerable
            .Range(0, 40)
            .SelectMany(row => _terminal.Row(row).Select((glyph, column) => (glyph, column, row)))
            .Where(cell => cell.glyph.Rune == Placeholder);

    private bool CellsAreWhole()
    {
        var cells = Cells().ToArray();
        var (left, top) = (cells.Min(cell => cell.Column), cells.Min(cell => cell.Row));
        var (width, height) = (cells.Max(cell => cell.Column) + 1 - left, cells.Max(cell => cell.Row) + 1 - top);
        return cells.Length == width * height
            && cells.All(cell =>
            {
                var text = new StringBuilder();
                cell.Glyph.AppendTo(text);
                return text.ToString() == KittyPlaceholders.CellAt(cell.Row - top, cell.Column - left);
            });
    }

    private bool HasArrived(int id) => Commands(id) is { Length: > 0 } commands && commands[^1].Contains("m=0;", StringComparison.Ordinal);

    private PixelBuffer PictureOf(int id) => Decoded.Kitty(Encoding.ASCII.GetBytes(string.Concat(Commands(id)))).Pixels;

    /// <summary>The commands that made it known, from the first to the one that says that it is the last.</summary>
    private string[] Commands(int id)
    {
        var all = Command().Matches(_terminal.Output).Select(match => match.Value).ToArray();
        var first = Array.FindIndex(
            all,
            command => command.Contains(string.Create(CultureInfo.InvariantCulture, $"i={id},a=T"), StringComparison.Ordinal)
        );
        var last = first < 0 ? -1 : Array.FindIndex(all, first, command => command.Contains("m=0;", StringComparison.Ordinal));
        return first < 0 ? [] : all[first..(last < 0 ? all.Length : last + 1)];
    }

    private async Task<string> TmuxAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-S", Socket, .. arguments]);
        start.Environment.Remove("TMUX");
        return (await CommandRun.OfAsync(start)).Succeeded().Out;
    }

    [GeneratedRegex(@"\x1b\[>q|\x1b\[c|\x1b\[>c|\x1b_Gi=(?<id>\d+),s=1,v=1,a=q[^\x1b]*\x1b\\")]
    private static partial Regex Question();

    [GeneratedRegex(@"i=(?<id>\d+),a=T")]
    private static partial Regex Sent();

    [GeneratedRegex(@"\x1b_G[^;\x1b]*;[A-Za-z0-9+/=]*\x1b\\")]
    private static partial Regex Command();
}
