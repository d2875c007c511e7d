using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

public class CompareScreenTests
{
    [Fact]
    public void Each_side_is_drawn_once_it_is_there_and_never_another_in_its_place()
    {
        var story = Some.Story("ana", 1).Compared();
        using var screen = new TestScreen(Some.LookingAtPictures(story), 120, 30);
        var area = screen.Store.Model.Display.Area;
        void Arrive(string side, PixelBuffer pixels) => screen.Receive(new MediaMsg.PictureArrived(story.Id + side, area, pixels));

        Arrive("", Some.Plain(4, 4, 200, 10, 20));
        screen.Text.Should().Contain("3.2 % changed").And.Contain("after   c shows before");
        Colour(screen).Should().Be(new Color(200, 10, 20));

        screen.Press(new Key('c'));
        screen.Text.Should().Contain("before   c shows difference").And.NotContain("▀");
        Arrive(".Difference", Some.Plain(4, 4, 255, 0, 128));
        screen.Text.Should().NotContain("▀", "what is there is another side");
        Arrive(".Before", Some.Plain(4, 4, 10, 20, 200));
        Colour(screen).Should().Be(new Color(10, 20, 200));

        screen.Press(new Key('c'));
        Colour(screen).Should().Be(new Color(255, 0, 128));
        screen.Press(new Key('c')).Text.Should().Contain("both blended   c shows after").And.NotContain("▀");
        Arrive(".Blend", Some.Plain(4, 4, 105, 15, 110));
        Colour(screen).Should().Be(new Color(105, 15, 110));
        screen.Press(new Key('c'));
        Colour(screen).Should().Be(new Color(200, 10, 20));
    }

    [Fact]
    public void Half_of_each_is_the_mean_of_every_pixel()
    {
        var blended = Some.Plain(2, 2, 200, 10, 20).Blend(Some.Plain(2, 2, 10, 20, 200));

        blended.Rgb.Should().Equal(Some.Plain(2, 2, 105, 15, 110).Rgb);
        FluentActions.Invoking(() => blended.Blend(Some.Plain(2, 3, 0, 0, 0))).Should().Throw<InvalidDataException>();
    }

    /// <summary>Of the picture in the middle of the stage.</summary>
    private static Color Colour(TestScreen screen)
    {
        var row = Array.FindIndex(screen.Lines, line => line.Contains('▀'));
        return screen.At(screen.Lines[row].IndexOf('▀'), row).Attribute!.Value.Foreground;
    }
}
