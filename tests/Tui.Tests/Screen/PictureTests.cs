using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

public class PictureTests
{
    private static readonly Color _red = new(200, 10, 20);
    private static readonly Color _blue = new(10, 20, 200);

    [Fact]
    public void A_picture_stands_in_half_blocks_in_the_middle()
    {
        var story = Some.Story("ana", 1);
        using var screen = new TestScreen(Some.LookingAtPictures(story), 80, 24);
        var area = screen.Store.Model.Display.Area;
        area.Should().Be(new Box(80, 18));

        var pixels = new PixelBuffer(2, 2, [200, 10, 20, 10, 20, 200, 10, 20, 200, 200, 10, 20]);
        screen.Receive(new MediaMsg.PictureArrived(story.Id, area, pixels));

        screen
            .At(39, 11)
            .Should()
            .Match<Cell>(cell =>
                cell.Grapheme == "▀" && cell.Attribute!.Value.Foreground == _red && cell.Attribute.Value.Background == _blue
            );
        screen
            .At(40, 11)
            .Should()
            .Match<Cell>(cell =>
                cell.Grapheme == "▀" && cell.Attribute!.Value.Foreground == _blue && cell.Attribute.Value.Background == _red
            );
        screen.Text.Count(c => c == '▀').Should().Be(2);
    }

    [Theory]
    [InlineData(BlockShape.Quadrant)]
    [InlineData(BlockShape.Sextant)]
    [InlineData(BlockShape.Octant)]
    internal void Finer_blocks_stand_one_in_a_cell(object shape)
    {
        var story = Some.Story("ana", 1);
        using var screen = new TestScreen(Some.LookingAtPictures(story), 80, 24);
        var area = screen.Store.Model.Display.Area;
        var noise = new byte[40 * 32 * 3];
        new Random(9).NextBytes(noise);
        var picture = BlockPicture.FromPixels(new(40, 32, noise), (BlockShape)shape);

        screen.Receive(new MediaMsg.PictureArrived(story.Id, area, picture));

        var rows = Enumerable
            .Range(0, 24)
            .Select(row => string.Concat(Enumerable.Range(0, 80).Select(column => screen.At(column, row).Grapheme)));
        var expected = Enumerable
            .Range(0, picture.Cells.Height)
            .Select(row => string.Concat(Enumerable.Range(0, picture.Cells.Width).Select(column => picture.GlyphAt(column, row))));
        rows.Where(row => expected.Any(row.Contains)).Should().HaveCount(picture.Cells.Height);
    }

    [Fact]
    public void A_picture_never_stands_under_another_story()
    {
        var (first, second) = (Some.Story("ana", 1), Some.Story("ana", 2));
        using var screen = new TestScreen(Some.LookingAtPictures(first, second), 80, 24);
        var area = screen.Store.Model.Display.Area;

        screen.Press(Key.CursorRight).Receive(new MediaMsg.PictureArrived(first.Id, area, Some.Plain(4, 4, 200, 10, 20)));
        screen.Text.Should().Contain("ana 2").And.NotContain("▀");

        screen.Receive(new MediaMsg.PictureArrived(second.Id, area, Some.Plain(4, 4, 10, 20, 200)));
        screen.Text.Count(c => c == '▀').Should().Be(8);
        screen.At(39, 11).Attribute!.Value.Foreground.Should().Be(_blue);

        screen.Press(Key.CursorLeft).At(39, 11).Attribute!.Value.Foreground.Should().Be(_red, "it was fetched ahead");
    }

    [Fact]
    public void A_picture_that_is_too_large_after_a_resize_waits_for_its_new_size()
    {
        var story = Some.Story("ana", 1);
        using var screen = new TestScreen(Some.LookingAtPictures(story), 80, 24);
        screen.Receive(new MediaMsg.PictureArrived(story.Id, screen.Store.Model.Display.Area, Some.Plain(70, 28, 200, 10, 20)));

        screen.Resize(40, 12).Text.Should().NotContain("▀");
        screen.Receive(new MediaMsg.PictureArrived(story.Id, screen.Store.Model.Display.Area, Some.Plain(12, 12, 200, 10, 20)));
        screen.Text.Count(c => c == '▀').Should().Be(12 * 6);
    }

    [Fact]
    public void A_video_without_a_poster_has_a_card_that_says_how_to_play_it()
    {
        var video = Some.Story("ana", 1, StoryKinds.Video);
        video = video with { Media = video.Media with { FileName = "demo.mp4", DurationMs = 12_000 } };
        using var screen = new TestScreen(Some.LookingAtPictures(video), 80, 24);

        screen.Receive(new MediaMsg.PictureMissing(video.Id, screen.Store.Model.Display.Area, "There is no poster for this story."));

        screen.Text.Should().Contain("▶ demo.mp4 · 0:12").And.Contain("p plays it").And.NotContain("There is no poster");
    }

    [Fact]
    public void Without_pictures_caption_and_file_name_stand_for_them()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1)), 80, 24, colours: false);

        screen.Lines[3..17].Should().Contain(line => line.Contains("ana1.jpg")).And.Contain(line => line.Contains("ana 1"));
    }

    [Fact]
    public void A_text_card_keeps_its_colours()
    {
        var card = Some.Story("ana", 1, StoryKinds.Text) with { Text = "\e[38;2;255;120;120mred\e[0m" };
        using var screen = new TestScreen(Some.Looking(card), 80, 24);

        screen
            .At(38, 11)
            .Should()
            .Match<Cell>(cell => cell.Grapheme == "r" && cell.Attribute!.Value.Foreground == new Color(255, 120, 120));
    }
}
