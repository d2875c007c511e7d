using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Secrets that the server issues: a prefix, 43 random characters (256 bits), and a checksum of 6 characters.
/// Scanners recognise a leaked one by prefix and checksum. The checksum also distinguishes a mistyped secret from a revoked one.</summary>
internal static class Secret
{
    public const string TokenPrefix = "sty_";
    public const string InvitePrefix = "sti_";
    public const string AccessPrefix = "sta_";
    public const string SharePrefix = "sts_";
    public const string FeedPrefix = "stf_";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 43,
        ChecksumLength = 6;

    public static string Make(string prefix)
    {
        var random = RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return prefix + random + Checksum(prefix + random);
    }

    /// <summary>Whether the text has the form and checksum of a secret. It need not be valid.</summary>
    public static bool IsWellFormed(string prefix, string secret) =>
        secret.Length == prefix.Length + RandomLength + ChecksumLength
        && secret.StartsWith(prefix, StringComparison.Ordinal)
        && secret.AsSpan(0, secret.Length - ChecksumLength) is var body
        && secret.AsSpan(secret.Length - ChecksumLength).SequenceEqual(Checksum(body));

    /// <summary>SHA-256 in hexadecimal, for storing and finding a secret. A slow hash would add nothing, because secrets have 256 random bits.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool HashesEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(left), Encoding.ASCII.GetBytes(right));

    private static string Checksum(ReadOnlySpan<char> body)
    {
        var sum = Crc32.HashToUInt32(Encoding.UTF8.GetBytes(body.ToArray()));
        return string.Create(
            ChecksumLength,
            sum,
            static (text, value) =>
            {
                for (var i = text.Length - 1; i >= 0; i--, value /= (uint)Alphabet.Length)
                {
                    text[i] = Alphabet[(int)(value % (uint)Alphabet.Length)];
                }
            }
        );
    }
}
