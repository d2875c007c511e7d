using System.Text;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Terminal;

namespace StoriesCli.Tui.Tests.Images;

public class GraphicsTests
{
    private static readonly Box _cell = new(10, 20);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(64, 6)]
    [InlineData(100, 61)]
    [InlineData(300, 200)]
    public void A_sixel_has_every_pixel_in_a_colour_close_to_its_own(int width, int height)
    {
        var photo = Some.Photo(width, height);

        Decoded.Sixel(SixelEncoder.Encode(Palette256.Of(photo))).DistanceTo(photo).Should().BeLessThan(8);
    }

    [Fact]
    public void A_picture_of_few_colours_keeps_each_of_them()
    {
        var picture = new PixelBuffer(4, 1, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);

        Decoded.Sixel(SixelEncoder.Encode(Palette256.Of(picture))).DistanceTo(picture).Should().Be(0);
    }

    [Fact]
    public void Colours_are_chosen_by_how_much_of_the_picture_has_them()
    {
        var noise = new Random(7);
        var rgb = new byte[200 * 200 * 3];
        noise.NextBytes(rgb);
        var picture = new PixelBuffer(200, 200, rgb);

        var palette = Palette256.Of(picture);

        palette.Count.Should().Be(256);
        Decoded.Sixel(SixelEncoder.Encode(palette)).DistanceTo(picture).Should().BeLessThan(25);
    }

    [Fact]
    public void A_kitty_picture_comes_back_as_it_was()
    {
        var photo = Some.Photo(120, 70);

        var (pixels, keys) = Decoded.Kitty(KittyEncoder.Encode(photo, 42, stretch: null));

        pixels.Rgb.Should().Equal(photo.Rgb);
        keys.Should().Contain("i", "42").And.Contain("q", "2").And.Contain("C", "1").And.NotContainKey("c");
    }

    [Fact]
    public void Noise_is_sent_as_it_is_because_kitty_refuses_what_packing_makes_longer()
    {
        var rgb = new byte[60 * 40 * 3];
        new Random(3).NextBytes(rgb);

        var (pixels, keys) = Decoded.Kitty(KittyEncoder.Encode(new(60, 40, rgb), 1, stretch: null));

        pixels.Rgb.Should().Equal(rgb);
        keys.Should().NotContainKey("o");
    }

    [Fact]
    public void A_picture_of_placeholders_comes_back_past_tmux_as_it_was()
    {
        var photo = Some.Photo(120, 70);
        var raster = Raster.Of(photo, new(12, 4), Graphics.Of(GraphicsKind.Placeholders, _cell));

        var past = Decoded.PastTmux(raster.Data);
        var (pixels, keys) = Decoded.Kitty(past);

        pixels.Rgb.Should().Equal(photo.Rgb);
        keys.Should().Contain("i", $"{raster.Id}").And.Contain("U", "1").And.Contain("c", "12").And.Contain("r", "4").And.Contain("q", "2");
        Decoded.Kitty(Decoded.PastTmux(KittyPlaceholders.WithId(raster.Data, 12345678))).Keys.Should().Contain("i", "12345678");
        Decoded.Kitty(Decoded.PastTmux(KittyPlaceholders.WithId(raster.Data, 12345678))).Pixels.Rgb.Should().Equal(photo.Rgb);
    }

    [Fact]
    public void Each_cell_of_placeholders_says_its_row_and_its_column()
    {
        KittyPlaceholders.CellAt(0, 0).Should().Be("\U0010EEEE\u0305\u0305");
        KittyPlaceholders.CellAt(1, 2).Should().Be("\U0010EEEE\u030D\u030E");
        KittyPlaceholders.CellAt(296, 0).Should().Be("\U0010EEEE\U0001D244\u0305");
        KittyPlaceholders.SideMaximum.Should().Be(297);
        Enumerable.Range(0, 297).Select(row => KittyPlaceholders.CellAt(row, 0)).Should().OnlyHaveUniqueItems();
        KittyPlaceholders.ColourOf(0x2A51C3).Should().Be(new Rgb(42, 81, 195));
    }

    [Fact]
    public void An_area_larger_than_there_are_marks_is_not_filled()
    {
        var raster = Raster.Of(Some.Photo(400, 20), new(400, 30), Graphics.Of(GraphicsKind.Placeholders, _cell));

        raster.Cells.Width.Should().Be(297);
    }

    [Fact]
    public void A_file_is_sent_inline_as_it_is()
    {
        byte[] file = PngEncoder.Encode(Some.Photo(120, 70));

        var raster = Raster.Of(PixelBuffer.Decode(file), new(60, 20), Graphics.Of(GraphicsKind.Iterm, _cell), file);
        var (pixels, arguments) = Decoded.Iterm(raster.Data);

        pixels.Rgb.Should().Equal(Some.Photo(120, 70).Rgb);
        arguments
            .Should()
            .Contain("inline", "1")
            .And.Contain("width", "60")
            .And.Contain("height", "18")
            .And.Contain("doNotMoveCursor", "1");
        arguments["size"].Should().Be($"{file.Length}");
        raster.Cells.Should().Be(new Box(60, 18));
    }

    [Theory]
    [InlineData("GIF89a")]
    [InlineData("")]
    public void What_is_no_file_for_every_terminal_is_made_one(string file)
    {
        var photo = Some.Photo(120, 70);

        var raster = Raster.Of(photo, new(60, 20), Graphics.Of(GraphicsKind.Iterm, _cell), Encoding.ASCII.GetBytes(file));

        Decoded.Iterm(raster.Data).Pixels.Rgb.Should().Equal(photo.Rgb);
    }

    [Theory]
    [InlineData(1600, 900, 60, 20)]
    [InlineData(900, 1600, 60, 20)]
    [InlineData(40, 40, 60, 20)]
    [InlineData(3000, 10, 60, 20)]
    [InlineData(1600, 900, 400, 150)]
    public void A_picture_keeps_its_shape_and_its_area(int width, int height, int columns, int rows)
    {
        var area = new Box(columns, rows);
        foreach (var kind in new[] { GraphicsKind.Sixel, GraphicsKind.Kitty })
        {
            var raster = Raster.Of(Some.Photo(width, height), area, Graphics.Of(kind, _cell));
            var data = Encoding.ASCII.GetString(raster.Data.Span);
            var shown = kind == GraphicsKind.Sixel ? Decoded.Sixel(raster.Data).Size : Decoded.Kitty(raster.Data).Pixels.Size;

            raster.Cells.Width.Should().BeInRange(1, columns);
            raster.Cells.Height.Should().BeInRange(1, rows);
            (shown.Width * shown.Height).Should().BeLessThanOrEqualTo(1_000_000);
            ((double)shown.Width / shown.Height)
                .Should()
                .BeApproximately((double)width / height, (double)width / height * (height == 10 ? 0.2 : 0.02));
            if (kind == GraphicsKind.Sixel || !data.Contains(",c="))
            {
                shown.Width.Should().BeInRange((raster.Cells.Width - 1) * 10 + 1, raster.Cells.Width * 10);
                shown.Height.Should().BeInRange((raster.Cells.Height - 1) * 20 + 1, raster.Cells.Height * 20);
            }
        }
    }

    [Theory]
    [InlineData("\e_Gi=31;OK", GraphicsKind.Kitty)]
    [InlineData("\e_Gi=31;ENOTSUPPORTED:no", null)]
    [InlineData("\e[?62;4;22c", GraphicsKind.Sixel)]
    [InlineData("\e[?63;1;2;4c", GraphicsKind.Sixel)]
    [InlineData("\e[?62;14;44c", null)]
    [InlineData("\e[?1;2c", null)]
    [InlineData("\e[>1;4;0c", null)]
    [InlineData("\e[?c", null)]
    [InlineData("\e[6;20;10t", null)]
    [InlineData("", null)]
    public void A_terminals_answer_says_what_it_can(string answer, object? kind) =>
        GraphicsQuery.KindOf(answer).Should().Be((GraphicsKind?)kind);

    [Theory]
    [InlineData("\e[?1;0;256S", 256)]
    [InlineData("\e[?1;0;16S", 16)]
    [InlineData("\e[?1;3;0S", null)]
    [InlineData("\e[?1;0;-5S", null)]
    [InlineData("\e[?1;0;S", null)]
    [InlineData("\e[?2;0;800;600S", null)]
    public void And_how_many_colours_a_sixel_may_have(string answer, int? colours) => GraphicsQuery.ColoursOf(answer).Should().Be(colours);

    [Fact]
    public void A_sixel_has_no_more_colours_than_the_terminal() =>
        Palette256.Of(Some.Photo(100, 100), Graphics.Of(GraphicsKind.Sixel, null, 16).Colours).Count.Should().Be(16);

    [Theory]
    [InlineData("\e[6;20;10t", 10, 20)]
    [InlineData("\e[6;0;10t", 0, 0)]
    [InlineData("\e[6;99999;10t", 0, 0)]
    [InlineData("\e[8;20;10t", 0, 0)]
    [InlineData("\e[6;20t", 0, 0)]
    [InlineData("\e[6;-1;1t", 0, 0)]
    public void And_how_large_a_cell_is(string answer, int width, int height) =>
        GraphicsQuery.CellOf(answer).Should().Be(width == 0 ? null : new Box(width, height));
}
