using StoriesCli.Contracts;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>A picture from the archive. The server makes no poster for it, so the file itself is loaded, up to a limit.</summary>
internal static class ArchivedPicture
{
    /// <summary>Three bytes each while it is decoded.</summary>
    private const long PixelsMaximum = 12_000_000;

    /// <exception cref="InvalidDataException">It cannot be drawn here.</exception>
    public static async Task<byte[]> ReadAsync(ApiClient client, Story story, CancellationToken cancel)
    {
        if (story.Kind != StoryKinds.Image || (long)(story.Media.Width ?? 0) * (story.Media.Height ?? 0) > PixelsMaximum)
        {
            throw new InvalidDataException("An archived file like this is not drawn here, but can be saved.");
        }
        using var file = new MemoryStream((int)Math.Min(story.Media.Bytes, Limits.ImageBytes));
        await client.Archive.DownloadAsync(story, file, cancel: cancel).ConfigureAwait(false);
        return file.ToArray();
    }

    /// <summary>No larger than the server's posters.</summary>
    /// <exception cref="InvalidDataException">See <see cref="PixelBuffer.Decode"/>.</exception>
    public static PixelBuffer Decode(byte[] file, int side) =>
        PixelBuffer.Decode(file) is var picture && Math.Max(picture.Width, picture.Height) > side
            ? picture.Resize(picture.Fit(new(side, side)))
            : picture;
}
