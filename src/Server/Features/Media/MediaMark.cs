using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>A note in the data directory of the bucket that has its media, so that no server starts there without them.</summary>
internal static class MediaMark
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "media-bucket";

    /// <returns>The bucket, as <c>--media</c> names it; null when the media are in the data directory.</returns>
    public static string? Read(DataDirectory directory) => PrivateFile.TryReadText(directory.File(FileName))?.Trim();

    public static void Write(DataDirectory directory, string bucket) => AtomicFile.WriteAllText(directory.File(FileName), bucket + "\n");
}
