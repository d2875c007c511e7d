namespace StoriesCli.Client.Media;

/// <summary>Media to post: opened again for each try, never held in memory.</summary>
/// <param name="Open">Opens the bytes from their start.</param>
/// <param name="Bytes">How many there are.</param>
/// <param name="FileName">File name of the story, or null.</param>
public sealed record MediaUpload(Func<Stream> Open, long Bytes, string? FileName = null)
{
    /// <summary>A file with its own name.</summary>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MediaUpload FromFile(string path)
    {
        using var probe = OpenFile(path);
        return new(() => OpenFile(path), probe.Length, Path.GetFileName(path));
    }

    /// <summary>Bytes in memory.</summary>
    public static MediaUpload FromBytes(byte[] bytes, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new(() => new MemoryStream(bytes, writable: false), bytes.Length, fileName);
    }

    private static FileStream OpenFile(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            }
        );
}
