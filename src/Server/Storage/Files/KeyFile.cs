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
            Write(path, RandomNumberGenerator.GetBytes(bytes));
        }
        return Read(path) is { } key && key.Length == bytes ? key : throw NoKey(path);
    }

    /// <exception cref="DataDirectoryException">The file does not contain a key.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return Convert.FromHexString(File.ReadAllText(path).Trim());
        }
        catch (FormatException)
        {
            throw NoKey(path);
        }
    }

    public static void Write(string path, byte[] key) => AtomicFile.WriteAllText(path, Convert.ToHexStringLower(key));

    private static DataDirectoryException NoKey(string path) =>
        new($"'{path}' holds no key of this server. Put the one that was there back, or remove it: what it opened is lost then.");
}
