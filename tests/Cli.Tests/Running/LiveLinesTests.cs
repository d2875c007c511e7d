using System.Text;
using System.Text.Json;
using StoriesCli.Cli.Running;

namespace StoriesCli.Cli.Tests.Running;

public sealed class LiveLinesTests
{
    [Fact]
    public void Lines_wait_for_their_time_and_tell_the_time_since_the_one_before()
    {
        var lines = new LiveLines(1_000_000);
        lines.Add("o", "one", TimeSpan.FromSeconds(1), stamp: 10);
        lines.Add("r", "100x30", TimeSpan.FromSeconds(1.5), stamp: 20);

        Text(lines.Take(9, 1000)).Should().BeEmpty();
        Text(lines.Take(10, 1000)).Should().Be("[1.000,\"o\",\"one\"]\n");
        Text(lines.Take(until: null, 1000)).Should().Be("[0.500,\"r\",\"100x30\"]\n");
    }

    [Fact]
    public void Long_output_is_cut_into_lines_that_fit_a_request_and_no_character_is_lost()
    {
        var lines = new LiveLines(8_000_000);
        var output = string.Concat(Enumerable.Repeat("😀\e[0m", 20_000));
        lines.Add("o", output, TimeSpan.Zero, stamp: 0);

        var text = new StringBuilder();
        for (byte[] some; (some = lines.Take(until: null, 256 * 1024)).Length > 0; )
        {
            some.Length.Should().BeLessThanOrEqualTo(256 * 1024);
            foreach (var line in Text(some).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append(JsonDocument.Parse(line).RootElement[2].GetString());
            }
        }

        text.ToString().Should().Be(output);
    }

    [Fact]
    public void What_is_too_much_is_left_out_of_the_middle_and_said()
    {
        var lines = new LiveLines(100_000);
        for (var n = 0; n < 1000; n++)
        {
            lines.Add("o", $"{n:0000}{new string('x', 996)}", TimeSpan.FromSeconds(n), stamp: n);
        }

        var text = new StringBuilder();
        for (byte[] some; (some = lines.Take(until: null, 50_000)).Length > 0; )
        {
            text.Append(Text(some));
        }

        text.Length.Should().BeLessThan(100_000);
        text.ToString().Should().StartWith("[0.000,\"o\",\"0000x").And.Contain("are not in this recording").And.Contain("\"0999x");
    }

    [Fact]
    public void Viewers_are_told_once_when_nothing_more_comes_before_the_end()
    {
        const string Said = "What follows is shown when the command ends.";
        var lines = new LiveLines(100_000);
        var seen = new StringBuilder();
        for (var n = 0; n < 300; n++)
        {
            lines.Add("o", new string('x', 1000), TimeSpan.FromSeconds(n), stamp: n);
            seen.Append(Text(lines.Take(until: n, 50_000)));
        }

        seen.ToString().TrimEnd().Split('\n')[^1].Should().Contain(Said, "that is the last that viewers see");
        seen.Append(Text(lines.Take(until: null, 100_000))).Length.Should().BeLessThan(100_000);
        seen.ToString().Split(Said).Should().HaveCount(2);
    }

    private static string Text(byte[] lines) => Encoding.UTF8.GetString(lines);
}
