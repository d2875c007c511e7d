using System.Text;
using StoriesCli.Emulation;

namespace StoriesCli.Server.Tests.Features.Live;

/// <summary>A viewer who comes late sees the screen that the others see, and goes on as they do.</summary>
public sealed class SnapshotTests
{
    private static readonly string[] Pieces =
    [
        "hello ",
        "\r\n",
        "wide 漢字 ",
        "e\u0301 marks ",
        "\e[1;38;2;9;8;7mbright\e[0m ",
        "\e[41mred back\e[K\e[49m",
        "\e[7m",
        "\e[3;5H",
        "\e[2J",
        "\e[5;9r",
        "\e[r",
        "\e[?1049h",
        "\e[?1049l",
        "\e(0lqqk\e(B",
        "\e(0",
        "\x0e",
        "\x0f",
        "\e7",
        "\e8",
        "\e[4h",
        "\e[4l",
        "\e[?7l",
        "\e[?7h",
        "\e[?25l",
        "\e[?25h",
        "\eM",
        "\e[3L",
        "\e[2P",
        "0123456789012345678901234567890123456789",
        "\e[40G漢",
        "\t",
        "\eH",
        "\e[g",
        "\e[3g",
        "\e[?6h",
        "\e[?6l",
        "\e[2F",
        "\e[6E",
        "\ec",
    ];

    [Fact]
    public void What_draws_a_screen_draws_the_same_screen_and_goes_on_like_it()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var early = new Emulator(40, 12);
            Feed(early, Some(random));
            var late = new Emulator(early.Columns, early.Rows);

            Feed(late, early.Draw());
            var drawn = Describe(late);
            drawn.Should().Be(Describe(early), "seed {0}", seed);
            var more = Some(random);
            Feed(early, more);
            Feed(late, more);
            Describe(late).Should().Be(Describe(early), "seed {0}, after {1}", seed, more);
        }
    }

    private static string Some(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static void Feed(Emulator emulator, string output)
    {
        var work = long.MaxValue;
        emulator.Feed(Encoding.UTF8.GetBytes(output), ref work);
    }

    private static string Describe(Emulator emulator)
    {
        var text = new StringBuilder();
        for (var y = 0; y < emulator.Rows; y++)
        {
            foreach (var glyph in emulator.Row(y))
            {
                text.Append(glyph).Append('|');
            }
            text.Append('\n');
        }
        return text.Append(emulator.At).Append(emulator.CursorIsVisible).ToString();
    }
}
