using NetVips;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Result of comparing two images.</summary>
/// <param name="ChangedShare">Share of changed pixels, 0 to 1.</param>
/// <param name="Difference">The difference image, a PNG. The owner of this record disposes it.</param>
internal sealed record ComparedPictures(double ChangedShare, IncomingFile Difference);

/// <summary>Compares two still images of one size pixel by pixel, as they are shown: upright, in sRGB, over white.</summary>
/// <remarks>
/// Both are decoded row by row, and the result takes one byte per pixel. The decoder holds some images completely: an interlaced PNG, a
/// progressive JPEG, and one of two that are stored in different orientations. A comparison takes at most a minute (by default).
/// </remarks>
internal sealed class PictureComparison(VipsLibrary vips, DataDirectory directory, Decoding decoding, TimeSpan? timeLimit = null)
{
    private const int PngCompression = 3;
    private const double White = 255;

    // Unchanged pixels get one of 16 similar greys; the next value marks a change.
    private const int Greys = 16,
        Changed = Greys,
        GreyShift = 4,
        DarkestGrey = 96,
        GreyStep = 7;
    private static readonly byte[] Mark = [255, 0, 128];

    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(60);

    /// <param name="before">Path of an image that <see cref="ImageCheck"/> has confirmed.</param>
    /// <param name="after">Path of another image, of the same size when both are upright.</param>
    /// <param name="cancel">Cancels the comparison and leaves nothing behind.</param>
    /// <exception cref="MediaRefusedException">One of them cannot be decoded, or it takes too long.</exception>
    /// <exception cref="MediaTooLargeException">Decoding needs more memory than allowed.</exception>
    /// <exception cref="Http.ApiProblem"><c>unavailable</c>: too many images wait to be decoded.</exception>
    /// <exception cref="PosterUnavailableException">There is no decoder.</exception>
    public async Task<ComparedPictures> CompareAsync(string before, string after, CancellationToken cancel)
    {
        vips.Load();
        var bytes = DecodingCost.OfComparison(MediaInspector.ReadShape(before), MediaInspector.ReadShape(after));
        var difference = IncomingFile.Create(directory);
        try
        {
            // Wait until it has ended, which is soon after it was cancelled: it writes into a file that we delete.
            var share = await decoding
                .RunAsync(bytes, _timeLimit, stop => Compare(before, after, difference.Path, stop), cancel, waitForEnd: true)
                .ConfigureAwait(false);
            difference.NoteRewritten(new FileInfo(difference.Path).Length);
            return new(share, difference);
        }
        catch (Exception e)
        {
            await difference.DisposeAsync().ConfigureAwait(false);
            throw e switch
            {
                TimeoutException => new MediaRefusedException(
                    $"The two pictures take longer than {_timeLimit.TotalSeconds:0.#} s to compare."
                ),
                DecodingTooLargeException => new MediaTooLargeException($"The two pictures are too large to be compared: {e.Message}."),
                _ => e,
            };
        }
    }

    private static double Compare(string before, string after, string target, CancellationToken stop)
    {
        using var made = new MadeImages();
        Image marked;
        try
        {
            marked = made.Keep(MarkChanges(made, before, after, stop));
        }
        catch (VipsException) when (!stop.IsCancellationRequested)
        {
            throw new MediaRefusedException("One of the two pictures cannot be decoded as a whole: it is damaged, or breaks off.");
        }
        var counts = made.Keep(marked.HistFind());
        var changed = counts.Width > Changed ? counts.Getpoint(Changed, 0)[0] : 0;
        var coloured = made.Keep(made.Keep(marked.Maplut(made.Keep(Colours()))).Copy(interpretation: Enums.Interpretation.Srgb));
        using var registration = stop.Register(() => coloured.SetKill(true));
        try
        {
            coloured.Pngsave(target, compression: PngCompression, filter: Enums.ForeignPngFilter.None, keep: Enums.ForeignKeep.None);
        }
        catch (VipsException e) when (!stop.IsCancellationRequested)
        {
            throw new IOException($"The picture of the difference could not be written: {e.Message.Trim()}", e);
        }
        return changed / ((double)marked.Width * marked.Height);
    }

    /// <summary>One byte per pixel, upright: a grey of the image after, or <see cref="Changed"/>.</summary>
    private static Image MarkChanges(MadeImages made, string beforePath, string afterPath, CancellationToken stop)
    {
        var before = made.Keep(Open(beforePath));
        var after = made.Keep(Open(afterPath));
        // Two images with the same orientation are compared as stored, and only the result is rotated: a rotated image must be in memory.
        var alike = OrientationOf(before) == OrientationOf(after);
        before = ToShown(made, before, upright: !alike);
        after = ToShown(made, after, upright: !alike);
        var differs = Exceeds(made, made.Keep(made.Keep(OverWhite(before)) - made.Keep(OverWhite(after))));
        if (before.HasAlpha() || after.HasAlpha())
        {
            differs = made.Keep(differs | Exceeds(made, made.Keep(OpacityOf(made, before) - OpacityOf(made, after))));
        }
        var greys = made.Keep(made.Keep(made.Keep(OverWhite(after)).Colourspace(Enums.Interpretation.Bw)) >> GreyShift);
        var marked = made.Keep(made.Keep(differs.Ifthenelse(Changed, greys)).Cast(Enums.BandFormat.Uchar));
        using var registration = stop.Register(() => marked.SetKill(true));
        var whole = made.Keep(marked.CopyMemory());
        return alike ? whole.Autorot() : whole.Copy();
    }

    private static Image Open(string path) => Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    private static int OrientationOf(Image image) =>
        image.Contains("orientation") && image.Get("orientation") is int orientation and >= 1 and <= 8 ? orientation : 1;

    private static Image ToShown(MadeImages made, Image image, bool upright)
    {
        if (upright && OrientationOf(image) > 1)
        {
            image = made.Keep(made.Keep(image.CopyMemory()).Autorot());
        }
        return made.Keep(ToSrgb(image));
    }

    private static Image ToSrgb(Image image)
    {
        if (image.Contains("icc-profile-data"))
        {
            try
            {
                return image.IccTransform("srgb", embedded: true);
            }
            catch (VipsException)
            {
                // The profile does not fit this image: use its numbers as they are.
            }
        }
        return image.Colourspace(Enums.Interpretation.Srgb);
    }

    private static Image OverWhite(Image image) => image.HasAlpha() ? image.Flatten(background: [White, White, White]) : image.Copy();

    private static Image OpacityOf(MadeImages made, Image image) =>
        made.Keep(
            image.HasAlpha()
                ? image.ExtractBand(image.Bands - 1)
                : made.Keep(made.Keep(Image.Black(image.Width, image.Height)) + White).Cast(Enums.BandFormat.Uchar)
        );

    private static Image Exceeds(MadeImages made, Image difference) =>
        made.Keep(made.Keep(made.Keep(difference.Abs()) > Limits.CompareTolerance).BandOr());

    private static Image Colours()
    {
        var colours = new byte[256 * 3];
        for (var grey = 0; grey < Greys; grey++)
        {
            colours.AsSpan(grey * 3, 3).Fill((byte)(DarkestGrey + (grey * GreyStep)));
        }
        Mark.CopyTo(colours.AsSpan(Changed * 3));
        return Image.NewFromMemoryCopy(colours, 256, 1, 3, Enums.BandFormat.Uchar);
    }

    /// <summary>Images hold files and memory that the garbage collector does not see, so all are disposed at once, the last one first.</summary>
    private sealed class MadeImages : IDisposable
    {
        private readonly Stack<Image> _images = [];

        public Image Keep(Image image)
        {
            _images.Push(image);
            return image;
        }

        public void Dispose()
        {
            while (_images.TryPop(out var image))
                image.Dispose();
        }
    }
}
