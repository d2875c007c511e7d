using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Tests.Images;

public class PixelBufferTests
{
    [Fact]
    public void A_smaller_picture_has_the_mean_of_what_each_pixel_covers()
    {
        var picture = new PixelBuffer(4, 2, [0, 0, 0, 100, 0, 0, 0, 0, 40, 0, 0, 40, 0, 0, 0, 100, 0, 0, 0, 0, 40, 0, 0, 40]);

        var half = picture.Resize(new(2, 1));

        half.Rgb.Should().Equal(50, 0, 0, 0, 0, 40);
    }

    [Theory]
    [InlineData(640, 480, 77, 72, 77, 58)]
    [InlineData(480, 640, 77, 72, 54, 72)]
    [InlineData(10, 10, 40, 20, 20, 20)]
    [InlineData(1920, 2, 40, 20, 40, 1)]
    public void A_picture_keeps_its_shape_in_the_box(int width, int height, int boxWidth, int boxHeight, int fitWidth, int fitHeight)
    {
        Some.Plain(width, height, 0, 0, 0).Fit(new(boxWidth, boxHeight)).Should().Be(new Box(fitWidth, fitHeight));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a picture")]
    [InlineData("GIF89a\u0001\u0000\u0001\u0000")]
    public void What_cannot_be_decoded_is_refused_and_nothing_else(string bytes)
    {
        var decode = () => PixelBuffer.Decode([.. bytes.Select(c => (byte)c)]);

        decode.Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void A_cell_holds_two_pixels_and_below_an_odd_picture_is_the_terminals_own_colour()
    {
        var picture = new PixelBuffer(1, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);

        BlockPicture blocks = picture;
        blocks.Cells.Height.Should().Be(2);
        blocks.GlyphAt(0, 0).Should().Be("▀");
        blocks.At(0, 0).Should().Be(new BlockCell(1, new(1, 2, 3), new Rgb(4, 5, 6)));
        blocks.At(0, 1).Back.Should().BeNull();
    }
}
