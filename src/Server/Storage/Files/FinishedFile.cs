namespace StoriesCli.Server.Storage.Files;

/// <summary>A file that is in its place and on the disk; now a row may name it.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its size as it lies there.</param>
/// <param name="ReceivedSha256">Of the bytes as they were received: what a repeated request is compared with.</param>
/// <param name="Sha256">Of the bytes as they lie there.</param>
internal sealed record FinishedFile(string Path, long Bytes, byte[] ReceivedSha256, byte[] Sha256);
