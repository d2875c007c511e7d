using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Images;

public class BlockPictureTests
{
    private static readonly BlockShape[] _shapes = Enum.GetValues<BlockShape>();

    [Fact]
    public void Every_pattern_of_every_shape_has_the_character_that_unicode_gives_it()
    {
        foreach (var shape in _shapes)
        {
            var part = BlockGlyphs.PixelsOf(shape);
            for (var pattern = 0; pattern < 1 << (part.Width * part.Height); pattern++)
            {
                var glyph = BlockGlyphs.Of(shape, pattern);
                for (var i = 0; i < part.Width * part.Height; i++)
                {
                    var twelfth = i / part.Width * 12 / part.Height;
                    for (var inner = 0; inner < 12 / part.Height; inner++)
                    {
                        BlockNames
                            .Fills(glyph, i % part.Width, twelfth + inner)
                            .Should()
                            .Be((pattern >> i & 1) == 1, $"it is pixel {i} of {shape} {pattern}");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(BlockShape.Half)]
    [InlineData(BlockShape.Quadrant)]
    [InlineData(BlockShape.Sextant)]
    [InlineData(BlockShape.Octant)]
    internal void A_picture_of_two_colours_a_cell_comes_back_as_it_was(object shape)
    {
        var blocks = (BlockShape)shape;
        var part = BlockGlyphs.PixelsOf(blocks);
        var noise = new Random(5);
        var picture = new PixelBuffer(part.Width * 30, part.Height * 20, new byte[part.Width * 30 * part.Height * 20 * 3]);
        for (var cell = 0; cell < 30 * 20; cell++)
        {
            var colours = new byte[6];
            noise.NextBytes(colours);
            for (var i = 0; i < part.Width * part.Height; i++)
            {
                var (x, y) = (cell % 30 * part.Width + i % part.Width, cell / 30 * part.Height + i / part.Width);
                colours.AsSpan(noise.Next(2) * 3, 3).CopyTo(picture.Rgb.AsSpan((y * picture.Width + x) * 3, 3));
            }
        }

        Decoded.Blocks(BlockPicture.FromPixels(picture, blocks), default).Rgb.Should().Equal(picture.Rgb);
    }

    [Fact]
    public void Finer_shapes_are_closer_to_a_picture_with_edges()
    {
        var photo = Discs(640, 480);

        var distances = _shapes
            .Select(shape =>
            {
                var shown = Decoded.Blocks(
                    BlockPicture.Of(photo, new(40, 15), new Graphics(GraphicsKind.Blocks, new(8, 16)) { Blocks = shape }),
                    default
                );
                // Every shape in the same pixels.
                return Enlarge(shown, 80, 180).DistanceTo(photo.Resize(new(80, 180)));
            })
            .ToArray();

        distances.Should().BeInDescendingOrder();
        distances[^1].Should().BeLessThan(0.7 * distances[0]);
    }

    [Fact]
    public void Beyond_the_edge_of_the_picture_is_the_terminals_own_background()
    {
        var picture = BlockPicture.FromPixels(Some.Plain(3, 5, 10, 20, 30), BlockShape.Sextant);

        picture.Cells.Should().Be(new Box(2, 2));
        picture.At(0, 0).Back.Should().NotBeNull();
        picture.GlyphAt(1, 0).Should().Be("▌");
        picture.GlyphAt(0, 1).Should().Be(char.ConvertFromUtf32(0x1FB0E), "it has the upper two thirds");
        picture.GlyphAt(1, 1).Should().Be(char.ConvertFromUtf32(0x1FB04));
        picture.At(1, 1).Should().Be(new BlockCell(0b000101, new(10, 20, 30), null));
    }

    [Theory]
    [InlineData(10, 20, 40, 40)]
    [InlineData(8, 15, 38, 40)]
    [InlineData(0, 0, 40, 40)]
    [InlineData(20, 20, 20, 40)]
    public void Blocks_keep_the_shape_in_cells_of_any_shape(int width, int height, int columns, int halves)
    {
        foreach (var shape in _shapes)
        {
            var cells = BlockPicture
                .Of(Some.Photo(100, 100), new(60, 20), new Graphics(GraphicsKind.Blocks, new(width, height)) { Blocks = shape })
                .Cells;

            cells.Width.Should().Be(columns);
            cells.Height.Should().Be(halves / 2);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_few_colours_a_dithered_picture_is_closer_to_the_photo_from_afar(bool isSixteen)
    {
        var photo = Some.Photo(160, 160);
        foreach (var shape in _shapes)
        {
            var part = BlockGlyphs.PixelsOf(shape);
            var small = photo.Resize(new(40 * part.Width, 40 * part.Height));
            var dithering = isSixteen ? Dithering.Sixteen : Dithering.Indexed;

            var dithered = BlockPicture.FromPixels(small, shape, dithering);
            var plain = BlockPicture.FromPixels(small, shape);

            dithered
                .Content.SelectMany(cell => new[] { cell.Fore, cell.Back!.Value })
                .Should()
                .OnlyContain(colour => Few(colour, isSixteen) == colour);
            var far = small.Resize(new(8, 8));
            Decoded
                .Blocks(dithered, default)
                .Resize(new(8, 8))
                .DistanceTo(far)
                .Should()
                .BeLessThan(0.6 * Decoded.Blocks(plain, default, colour => Few(colour, isSixteen)).Resize(new(8, 8)).DistanceTo(far));
        }
    }

    /// <summary>Discs of one colour on smooth ground.</summary>
    private static PixelBuffer Discs(int width, int height)
    {
        var picture = Some.Photo(width, height);
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width % 90 - 45, i / width % 90 - 45);
            if (x * x + y * y < 30 * 30)
            {
                ((ReadOnlySpan<byte>)[250, 240, 20]).CopyTo(picture.Rgb.AsSpan(i * 3));
            }
        }
        return picture;
    }

    private static Rgb Few(Rgb colour, bool isSixteen) =>
        isSixteen ? Sgr.Sixteen[Colours.Nearest(colour)] : Sgr.Indexed(Colours.NearestIndexed(colour))!.Value;

    /// <summary>Each pixel as a rectangle of equal ones.</summary>
    private static PixelBuffer Enlarge(PixelBuffer picture, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width * picture.Width / width, i / width * picture.Height / height);
            picture.Rgb.AsSpan((y * picture.Width + x) * 3, 3).CopyTo(rgb.AsSpan(i * 3));
        }
        return new(width, height, rgb);
    }
}
