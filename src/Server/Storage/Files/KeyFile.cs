using System.Security.Cryptography;

namespace StoriesCli.Server.Storage.Files;

/// <summary>A random key in its own file, which only the server's account can read.</summary>
internal static class KeyFile
{
    /// <exception cref="DataDirectoryException">The file does not contain a key.</exception>
    public static byte[] ReadOrMake(string path, int bytes)
    {
        if (!File.Exists(path))
        {
            AtomicFile.WriteAllText(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes)));
        }
        var key = new byte[bytes];
        return
            Convert.FromHexString(File.ReadAllText(path).Trim(), key, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == bytes
            ? key
            : throw new DataDirectoryException(
                $"'{path}' holds no key of this server. Put the one that was there back, or remove it: what it opened is lost then."
            );
    }
}
