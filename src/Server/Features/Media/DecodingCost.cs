using StoriesCli.Server.Features.Media.Formats;

namespace StoriesCli.Server.Features.Media;

/// <summary>Most bytes that decoding an image holds at once, computed from its header. The factors were measured with libvips 8.18 and rounded up.</summary>
internal static class DecodingCost
{
    private const long Fixed = 10L << 20;

    // Rows that the pipeline works on at once, and how many copies of each pixel in them it holds.
    private const int RowsInWork = 300,
        ShrinkingCopies = 9,
        FewestRows = 9;
    private const int ComparedPixelBytes = 4,
        ComparedCopies = 4;

    /// <summary>Reading all of it once and keeping nothing.</summary>
    public static long OfCheck(ImageShape shape) => Fixed + Held(shape) + Rows(shape, shape.PixelBytes, 1);

    /// <summary>Making a poster of it.</summary>
    public static long OfPoster(ImageShape shape) =>
        Fixed + Held(shape) + (shape.IsDecodedFirst ? 0 : Rows(shape, shape.PixelBytes, ShrinkingCopies));

    /// <summary>Comparing two images: both at once, and one byte per pixel of the result.</summary>
    public static long OfComparison(ImageShape before, ImageShape after) =>
        Fixed
        + Whole(before)
        + Whole(after)
        + (2 * after.Pixels)
        + (before.Orientation == after.Orientation ? 0 : Turned(before) + Turned(after))
        + Rows(before, ComparedPixelBytes, ComparedCopies)
        + Rows(after, ComparedPixelBytes, ComparedCopies);

    private static long Held(ImageShape shape) => shape.HeldWhenShrunk ?? shape.HeldBytes;

    private static long Whole(ImageShape shape) => shape.HeldBytes;

    // An image that must be rotated has to be in memory.
    private static long Turned(ImageShape shape) => shape.Orientation == ExifOrientation.Upright ? 0 : shape.Pixels * shape.PixelBytes;

    private static long Rows(ImageShape shape, int pixelBytes, int copies) =>
        (long)shape.Width * pixelBytes * ((Math.Min(shape.Height, RowsInWork) * copies) + FewestRows);
}
