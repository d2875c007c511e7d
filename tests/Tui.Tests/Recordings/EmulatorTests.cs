using System.Diagnostics;
using System.Text;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.Tests.Recordings;

public class EmulatorTests
{
    [Theory]
    [InlineData("ab\r\ncd", "ab|cd||")]
    [InlineData("abcdefghijk", "abcdefghij|k||")]
    [InlineData("abcdefghij\rX", "Xbcdefghij|||")]
    [InlineData("\e[?7labcdefghijk", "abcdefghik|||")]
    [InlineData("1\n2\n3\n4\n5", " 2|  3|   4|    5")]
    [InlineData("\e[2;3HX\e[AY\e[2DZ\e[4GW", "  ZW|  X||")]
    [InlineData("a\tb\e[Zc", "a       c|||")]
    [InlineData("\e[3g\e[5G\eH\ra\tb", "a   b|||")]
    [InlineData("abcdef\e[3D\e[K", "abc|||")]
    [InlineData("abcdef\e[3D\e[1K", "    ef|||")]
    [InlineData("abcdef\e[4D\e[2P", "abef|||")]
    [InlineData("abcdef\e[4D\e[2@", "ab  cdef|||")]
    [InlineData("abcdef\e[4D\e[2X", "ab  ef|||")]
    [InlineData("abc\r\e[4hX", "Xabc|||")]
    [InlineData("a\e[4b", "aaaaa|||")]
    [InlineData("1\r\n2\r\n3\r\n4\e[2;3r\e[3H\nX", "1|3|X|4")]
    [InlineData("1\r\n2\r\n3\r\n4\e[2;3r\e[2H\eMX", "1|X|2|4")]
    [InlineData("1\r\n2\r\n3\r\n4\e[2H\e[L", "1||2|3")]
    [InlineData("1\r\n2\r\n3\r\n4\e[2H\e[M", "1|3|4|")]
    [InlineData("1\r\n2\r\n3\r\n4\e[S", "2|3|4|")]
    [InlineData("1\r\n2\r\n3\r\n4\e[2T", "||1|2")]
    [InlineData("1\r\n2\r\n3\e[2H\e[J", "1|||")]
    [InlineData("main\e[?1049h\e[Halt\e[?1049l!", "main!|||")]
    [InlineData("main\e[?1049h\e[Halt", "alt|||")]
    [InlineData("\e(0lqk\e(Bq", "┌─┐q|||")]
    [InlineData("\e)0\x0ex\x0fx", "│x|||")]
    [InlineData("ab\e7\e[4;4HX\e8c", "abc|||   X")]
    [InlineData("\e[2;3r\e[?6h\e[HX\e[9;1HY", "|X|Y|")]
    [InlineData("日本\e[2GX", " X本|||")]
    [InlineData("aaaaaaaaa日", "aaaaaaaaa|日||")]
    [InlineData("e\u0301e\u0301", "e\u0301e\u0301|||")]
    [InlineData("日\u0301", "日\u0301|||")]
    [InlineData("x\ec", "|||")]
    [InlineData("\e[HX\e[99;99HY", "X|||         Y")]
    [InlineData("\e[-5;-5HZ", "Z|||")]
    public void It_does_what_the_list_says(string output, string screen) =>
        string.Join('|', Terminal.Of(10, 4, output).Lines()).Should().Be(screen);

    [Theory]
    [InlineData("\e]0;title\aok")]
    [InlineData("\e]52;c;aGk=\e\\ok")]
    [InlineData("\eP+q544e\e\\ok")]
    [InlineData("\e_Ga=T,f=100;AAAA\e\\ok")]
    [InlineData("\ePq#0;2;0;0;0#0~~\e\\ok")]
    [InlineData("\e[5n\e[c\e[6n\e[>cok")]
    [InlineData("\e[?1000h\e[?2004h\e[8;1;1t\e#8ok")]
    [InlineData("\e[38:2::1:2:3mok")]
    [InlineData("o\u202e\u200d\ufe0fk")]
    [InlineData("o\u009b5mk", "o5mk")]
    [InlineData("\e]never\eok", "k")]
    [InlineData("\e[1 qok")]
    public void Everything_else_leaves_no_trace(string output, string left = "ok") =>
        Terminal.Of(10, 2, output).Lines().Should().Equal(left, "");

    [Fact]
    public void Colours_of_every_kind_are_kept()
    {
        var screen = Terminal.Of(
            10,
            1,
            "\e[31ma\e[0;1;38;5;196mb\e[48;2;1;2;3mc\e[38:2::9:8:7md\e[4:3me\e[4:0;58;5;3mf\e[7;39;49mg\e[27;92mh"
        );

        screen.Row(0)[0].Ink.Fore.Should().Be(new Rgb(205, 49, 49));
        screen.Row(0)[1].Ink.Should().Be(new Ink(Tone.Plain, new Rgb(255, 0, 0), Style: InkStyle.Bold));
        screen.Row(0)[2].Ink.Back.Should().Be(new Rgb(1, 2, 3));
        screen.Row(0)[3].Ink.Fore.Should().Be(new Rgb(9, 8, 7));
        screen.Row(0)[4].Ink.Style.Should().Be(InkStyle.Bold | InkStyle.Underline);
        screen.Row(0)[5].Ink.Style.Should().Be(InkStyle.Bold);
        screen.Row(0)[6].Ink.Should().Be(new Ink(Tone.Plain, Style: InkStyle.Bold | InkStyle.Reverse));
        screen.Row(0)[7].Ink.Fore.Should().Be(new Rgb(35, 209, 139));
    }

    [Fact]
    public void A_character_may_come_in_pieces_and_one_that_is_broken_is_shown_as_such()
    {
        var screen = new Emulator(10, 1);
        foreach (var piece in "日é\e[31mx"u8.ToArray())
        {
            screen.Fed([piece]);
        }

        screen.Fed([0xe6, 0x97, (byte)'a', 0xff, (byte)'b']).Line(0).Should().Be("日éx\ufffda\ufffdb");
    }

    [Fact]
    public void A_resize_keeps_what_the_cursor_stands_on()
    {
        var screen = Terminal.Of(10, 4, "1\r\n2\r\n3\r\n4日本語日x");
        var work = RecordingPlayer.WorkAtOnce;

        screen.Resize(6, 2, ref work);

        screen.Lines().Should().Equal("3", "4日本");
        screen.At.Should().Be((5, 1));
    }

    [Fact]
    public void Whatever_bytes_come_nothing_is_thrown_and_nothing_leaves_the_screen()
    {
        var random = new Random(20261125);
        var likely = "\e\e\e[[[]P_^?;:0123456789ABCDEFGHIJKLMPSTXZ@`abcdefghlmnrsu()78\b\t\r\n\v\x0e\x0f日e\u0301"u8.ToArray();
        for (var run = 0; run < 300; run++)
        {
            var (columns, rows) = (random.Next(-3, 40), random.Next(-3, 20));
            var screen = new Emulator(columns, rows);
            for (var piece = 0; piece < 8; piece++)
            {
                var bytes = new byte[random.Next(400)];
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = random.Next(4) == 0 ? (byte)random.Next(256) : likely[random.Next(likely.Length)];
                }
                screen.Fed(bytes);
                var work = RecordingPlayer.WorkAtOnce;
                screen.Resize(random.Next(-2, 700), random.Next(-2, 30), ref work);
                Whole(screen);
            }
        }
    }

    /// <summary>The cursor is inside, and each wide character has both of its cells.</summary>
    private static void Whole(Emulator screen)
    {
        screen.Columns.Should().BeInRange(1, Emulator.ColumnsMaximum);
        screen.Rows.Should().BeInRange(1, Emulator.RowsMaximum);
        screen.At.X.Should().BeInRange(0, screen.Columns - 1);
        screen.At.Y.Should().BeInRange(0, screen.Rows - 1);
        for (var y = 0; y < screen.Rows; y++)
        {
            var row = screen.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var pairs = row[x].Columns switch
                {
                    2 => x + 1 < row.Length && row[x + 1].Columns == 0,
                    0 => x > 0 && row[x - 1].Columns == 2,
                    _ => true,
                };
                if (!pairs || row[x].Rune is > 0 and < 32 or (>= 127 and < 160))
                {
                    throw new InvalidOperationException($"cell {x},{y} is {row[x]} in {screen.Line(y)}");
                }
            }
        }
    }

    [Theory]
    [InlineData("\e[99999999999999S")]
    [InlineData("x\e[99999b")]
    [InlineData("\e[2J")]
    [InlineData("\ec")]
    [InlineData("\e[99999L")]
    [InlineData("\e[99999@\e[99999P")]
    [InlineData("\e[99999I")]
    [InlineData("\e[?1049h\e[?1049l")]
    [InlineData("\e]")]
    [InlineData("\e[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1m")]
    public void A_hostile_sequence_repeated_costs_no_more_time_at_once_than_anything_else(string sequence)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sequence, 8 * 1024 * 1024 / sequence.Length)));
        var screen = new Emulator(500, 200);
        var start = Stopwatch.GetTimestamp();
        var fed = 0;
        for (var call = 0; call < 5; call++)
        {
            var work = RecordingPlayer.WorkAtOnce;
            fed += screen.Feed(bytes.AsSpan(fed), ref work);
        }

        fed.Should().BePositive();
        // Some 5 ms a call on a quiet machine.
        Stopwatch.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(5));
    }
}
