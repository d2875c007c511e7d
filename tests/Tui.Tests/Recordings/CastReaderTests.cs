using System.Text;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.Tests.Recordings;

public class CastReaderTests
{
    private const string Header2 = """{"version":2,"width":20,"height":3}""";

    private static Task<Recording> ReadAsync(params string[] lines) =>
        CastReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), CancellationToken.None);

    [Fact]
    public async Task Version_2_counts_from_the_start_and_version_3_from_the_event_before()
    {
        string[] events = ["""[0.5,"o","a"]""", """[1.0,"i","typed"]""", """[1.5,"o","b"]"""];
        var second = await ReadAsync([Header2, .. events]);
        var third = await ReadAsync(["""{"version":3,"term":{"cols":30,"rows":4}}""", "# a remark", .. events]);

        second.Should().Match<Recording>(r => r.Columns == 20 && r.Rows == 3);
        second.Events.Select(e => e.At.TotalSeconds).Should().Equal(0.5, 1.0, 1.5);
        third.Should().Match<Recording>(r => r.Columns == 30 && r.Rows == 4);
        third.Events.Select(e => e.At.TotalSeconds).Should().Equal(0.5, 1.5, 3.0);
        Encoding.UTF8.GetString(third.Output.Span).Should().Be("ab");
    }

    [Fact]
    public async Task A_pause_is_shortened_to_two_seconds_or_to_what_the_recording_says()
    {
        string[] events = ["""[0,"o","a"]""", """[100,"o","b"]""", """[101,"o","c"]"""];

        (await ReadAsync([Header2, .. events])).Length.Should().Be(TimeSpan.FromSeconds(3));
        (await ReadAsync(["""{"version":2,"width":20,"height":3,"idle_time_limit":0.5}""", .. events]))
            .Length.Should()
            .Be(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("""{"version":2,"width":-5,"height":-5}""", 1, 1)]
    [InlineData("""{"version":2,"width":1e300,"height":99999999999}""", 500, 200)]
    [InlineData("""{"version":2}""", 1, 1)]
    [InlineData("""{"version":3,"term":7}""", 1, 1)]
    public async Task Any_size_becomes_one_that_is_emulated(string header, int columns, int rows) =>
        (await ReadAsync(header)).Should().Match<Recording>(r => r.Columns == columns && r.Rows == rows);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"version":1,"width":80,"height":24}""")]
    [InlineData("no recording")]
    [InlineData("[]")]
    public async Task What_is_no_recording_is_refused(string text) =>
        await FluentActions.Awaiting(() => ReadAsync(text)).Should().ThrowAsync<InvalidDataException>();

    [Theory]
    [InlineData("""[0.1,"o","\ud800"]""")]
    [InlineData("""[0.1,"o",7]""")]
    [InlineData("""[-1,"o","x"]""")]
    [InlineData("""[0.1,"r","-80x-24"]""")]
    [InlineData("""[0.1,"r","99999999999x1"]""")]
    [InlineData("[0.1,\"o\",\"broken off")]
    [InlineData("\u0000\u0001")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task A_line_that_is_wrong_is_left_out(string line)
    {
        var recording = await ReadAsync(Header2, line, """[0.2,"o","fine"]""");

        Encoding.UTF8.GetString(recording.Output.Span).Should().Be("fine");
        recording.Events.Should().OnlyContain(e => e.Columns == 0 && e.At <= TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public async Task Too_long_a_line_and_too_large_a_recording_end_the_reading()
    {
        var line = $"[0.1,\"o\",\"{new string('x', 1_100_000)}\"]";
        (await FluentActions.Awaiting(() => ReadAsync(Header2, line)).Should().ThrowAsync<InvalidDataException>()).WithMessage(
            "*line of more than 1 MiB*"
        );

        var lines = Enumerable.Repeat($"[0.1,\"o\",\"{new string('x', 100_000)}\"]", 90);
        (await FluentActions.Awaiting(() => ReadAsync([Header2, .. lines])).Should().ThrowAsync<InvalidDataException>()).WithMessage(
            "*more than the 8 MiB*"
        );
    }

    [Fact]
    public async Task Times_that_nobody_lives_to_see_do_no_harm()
    {
        string[] events = [.. Enumerable.Repeat("""[1e308,"o","x"]""", 3)];

        (await ReadAsync(["""{"version":3,"term":{"cols":30,"rows":4}}""", .. events])).Length.Should().Be(TimeSpan.FromSeconds(6));
    }
}
