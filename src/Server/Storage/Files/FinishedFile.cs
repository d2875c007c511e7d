namespace StoriesCli.Server.Storage.Files;

/// <summary>A file in its final place and on disk. From now on a row may name it.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Bytes">Size on disk, in bytes.</param>
/// <param name="Sha256">SHA-256 of the bytes on disk.</param>
internal sealed record FinishedFile(string Path, long Bytes, byte[] Sha256);
