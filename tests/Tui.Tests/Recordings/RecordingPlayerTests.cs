using System.Text;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.Tests.Recordings;

public class RecordingPlayerTests
{
    private static Recording Counting(int events, int textBytes) =>
        Of([.. Enumerable.Range(1, events).Select(i => (i * 0.1, $"{i:0000}{new string('x', textBytes)} {i:0000}\r\n"))]);

    private static Recording Of(params (double Seconds, string Text)[] events)
    {
        var output = new MemoryStream();
        var list = new List<CastEvent>();
        foreach (var (seconds, text) in events)
        {
            output.Write(Encoding.UTF8.GetBytes(text));
            list.Add(new(TimeSpan.FromSeconds(seconds), (int)output.Length, 0, 0));
        }
        return new(20, 3, output.ToArray(), [.. list]);
    }

    private static string ShownAt(RecordingPlayer player, double seconds)
    {
        while (player.Go(TimeSpan.FromSeconds(seconds))) { }
        return player.Screen.Line(1);
    }

    [Fact]
    public void It_shows_each_instant_alike_whichever_way_it_got_there()
    {
        var recording = Counting(400, 5_000);
        var forth = new RecordingPlayer(recording);
        var back = new RecordingPlayer(recording);
        ShownAt(back, 40);
        double[] times = [0, 0.1, 5, 17.35, 39.9, 40, 100];

        var seen = times.Select(t => ShownAt(forth, t)).ToArray();

        times.Reverse().Select(t => ShownAt(back, t)).Reverse().Should().Equal(seen);
        seen[2].Should().StartWith("xxxx");
        seen.Distinct().Should().HaveCountGreaterThan(2);
    }

    [Fact]
    public void A_lot_of_output_at_once_is_shown_in_pieces_until_it_is_all_there()
    {
        var player = new RecordingPlayer(Of((0, string.Concat(Enumerable.Repeat("\e[2Jx", 400_000)) + "\e[Hdone")));
        var calls = 0;
        while (player.Go(TimeSpan.Zero))
        {
            calls++;
        }

        calls.Should().BeGreaterThan(3);
        player.Screen.Line(0).Should().StartWith("done");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\e[2J")]
    [InlineData("\e[L")]
    [InlineData("\e[3S")]
    [InlineData("\e[3T")]
    public void Many_lines_and_cleared_screens_cost_hardly_more_than_their_bytes_on_the_largest_terminal(string sequence)
    {
        var text = string.Concat(Enumerable.Repeat(sequence, 50_000)) + "\e[Hdone";
        var player = new RecordingPlayer(
            new(Emulator.ColumnsMaximum, Emulator.RowsMaximum, Encoding.UTF8.GetBytes(text), [new(TimeSpan.Zero, text.Length, 0, 0)])
        );
        var calls = 0;
        while (player.Go(TimeSpan.Zero))
        {
            calls++;
        }

        // A call is a frame: each newline cost as much as seven hundred cells, and a cleared screen as a hundred thousand.
        calls.Should().BeLessThanOrEqualTo(15);
        player.Screen.Line(0).Should().StartWith("done");
    }

    [Fact]
    public void A_row_that_was_blank_beside_others_is_written_to_alone()
    {
        var player = new RecordingPlayer(new(20, 3, "\e[41m\e[2Jx\n\ny\e[0m\e[Kz"u8.ToArray(), [new(TimeSpan.Zero, 21, 0, 0)]));
        var copy = new RecordingPlayer(player.Recording);

        player.Go(TimeSpan.Zero);
        copy.Go(TimeSpan.Zero);

        player.Screen.Line(0).TrimEnd().Should().Be("x");
        player.Screen.Line(1).TrimEnd().Should().BeEmpty();
        player.Screen.Row(0)[5].Ink.Back.Should().NotBeNull("the screen was cleared in red");
        player.Screen.Row(2)[5].Ink.Back.Should().BeNull("the rest of this line was cleared without");
        player.Screen.Row(1)[5].Ink.Back.Should().Be(player.Screen.Row(0)[5].Ink.Back);
    }

    [Fact]
    public void A_recording_of_nothing_is_an_empty_screen() => ShownAt(new(new(20, 3, default, [])), 5).Should().BeEmpty();

    [Fact]
    public void The_terminal_changes_its_size_when_the_recorded_one_did()
    {
        var player = new RecordingPlayer(
            new(
                20,
                3,
                "abc"u8.ToArray(),
                [new(TimeSpan.FromSeconds(1), 2, 0, 0), new(TimeSpan.FromSeconds(2), 2, 40, 10), new(TimeSpan.FromSeconds(3), 3, 0, 0)]
            )
        );

        player.Go(TimeSpan.FromSeconds(1));
        player.Screen.Columns.Should().Be(20);
        player.Go(TimeSpan.FromSeconds(3));
        (player.Screen.Columns, player.Screen.Rows, player.Screen.Line(0)).Should().Be((40, 10, "abc"));
        player.Go(TimeSpan.FromSeconds(1.5));
        player.Screen.Columns.Should().Be(20);
    }
}
