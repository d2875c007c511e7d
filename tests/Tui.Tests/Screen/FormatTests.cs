using StoriesCli.Contracts;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Screen;

public class FormatTests
{
    [Theory]
    [InlineData(30, "just now")]
    [InlineData(90, "1 min ago")]
    [InlineData(7300, "2 h ago")]
    [InlineData(90_000, "25 h ago")]
    [InlineData(300_000, "3 d ago")]
    public void Ages_are_said_in_the_largest_unit_that_tells_something(int seconds, string words)
    {
        Format.Ago(TimeSpan.FromSeconds(seconds)).Should().Be(words);
    }

    [Fact]
    public void The_time_left_is_counted_to_the_second_at_its_end()
    {
        Format.Left(Some.Story("ana", 1).Ending(TimeSpan.FromSeconds(9.9)), Some.Now).Should().Be("10 s left");
        Format.Left(Some.Story("ana", 1) with { ExpiresAt = null }, Some.Now).Should().Be("kept");
    }

    [Theory]
    [InlineData(86_399, "24 h left")]
    [InlineData(604_790, "7 d left")]
    [InlineData(59.9, "1 min left")]
    [InlineData(3570, "1 h left")]
    [InlineData(3569, "59 min left")]
    [InlineData(172_799, "2 d left")]
    [InlineData(-5, "0 s left")]
    public void The_time_left_is_rounded_to_the_nearest(double seconds, string words) =>
        Format.Left(TimeSpan.FromSeconds(seconds)).Should().Be(words);

    [Fact]
    public void A_file_is_told_by_name_duration_pixels_and_size()
    {
        var story = Some.Story("ana", 1, StoryKinds.Video);
        story = story with
        {
            Media = story.Media with { FileName = "de\e[31mmo.mp4", DurationMs = 72_400, Width = 1280, Height = 720, Bytes = 4_300_000 },
        };

        Format.File(story).Should().Be("demo.mp4 · 1:12 · 1280×720 · 4.1 MiB");
    }
}
