using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.Tests.Recordings;

/// <summary>The recording of the terminal UI that the documentation shows; <c>script/screens</c> makes it.</summary>
public class SessionCastTests
{
    private static string PathOf([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/session.cast");

    [Fact]
    public async Task Our_own_player_plays_it_from_the_first_story_to_the_reply()
    {
        await using var file = File.OpenRead(PathOf());
        var recording = await CastReader.ReadAsync(file, CancellationToken.None);
        var player = new RecordingPlayer(recording);
        var seen = new StringBuilder();
        for (var at = TimeSpan.Zero; at <= recording.Length; at += TimeSpan.FromMilliseconds(250))
        {
            while (player.Go(at)) { }
            seen.AppendJoin('\n', Enumerable.Range(0, player.Screen.Rows).Select(player.Screen.Line)).Append('\n');
        }

        (recording.Columns, recording.Rows).Should().Be((100, 30));
        seen.ToString()
            .Should()
            .ContainAll("● live", "Evening at the lake", "What is new", "▀", "✗ build/main", "dora  who looks at it?", "choose a person");
    }

    [Fact]
    public void It_is_an_asciicast_that_is_small_and_says_nothing_of_where_it_was_made()
    {
        var lines = File.ReadAllLines(PathOf());
        using var header = JsonDocument.Parse(lines[0]);
        header
            .RootElement.EnumerateObject()
            .Select(property => property.Name)
            .Should()
            .BeEquivalentTo("version", "width", "height", "title");
        header.RootElement.GetProperty("version").GetInt32().Should().Be(2);
        var last = 0.0;
        foreach (var line in lines.Skip(1))
        {
            using var happened = JsonDocument.Parse(line);
            happened.RootElement.GetArrayLength().Should().Be(3);
            happened.RootElement[0].GetDouble().Should().BeGreaterThanOrEqualTo(last);
            last = happened.RootElement[0].GetDouble();
            happened.RootElement[1].GetString().Should().Be("o");
        }

        new FileInfo(PathOf()).Length.Should().BeLessThan(300 * 1024);
        string.Join('\n', lines)
            .Should()
            .NotContainAny("127.0.0.1", "localhost", "/home", "/root", "/tmp", "/work", "@" + Environment.MachineName);
    }
}
