namespace StoriesCli.Server.Features.Media;

/// <summary>A stored file, also one that belongs to no story.</summary>
/// <param name="Path">Its path, or its URL in the bucket. It ends with the file's name.</param>
/// <param name="Listed">Its size, if that is known without asking the disk.</param>
internal readonly record struct FoundFile(string Path, long? Listed = null)
{
    /// <summary>Size in bytes; 0 when it is gone.</summary>
    public long Bytes => Listed ?? MediaFolder.SizeOf(Path);

    /// <summary>Id of the story to which it would belong.</summary>
    public string Id => MediaFolder.IdOf(Path);
}
