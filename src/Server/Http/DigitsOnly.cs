using System.Text;
using Microsoft.Net.Http.Headers;

namespace StoriesCli.Server.Http;

/// <summary>
/// Reads a <c>Content-Length</c> as RFC 9110 has it, digits and nothing else. Kestrel takes <c>+12</c> for 12 and hands on the number alone, so that a proxy before it and
/// the server may take the end of a body for two places; but it asks how a header's bytes are to be read.
/// </summary>
internal sealed class DigitsOnly : Encoding
{
    private static readonly DigitsOnly Instance = new();

    /// <summary>For the options of Kestrel. Null keeps the default way to read the header.</summary>
    public static Encoding? For(string header) =>
        string.Equals(header, HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? Instance : null;

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        // One that is longer than any number fills the place, and is refused for its length.
        var count = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < count; i++)
        {
            chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : 'x';
        }
        return count;
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetByteCount(char[] chars, int index, int count) => ASCII.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => ASCII.GetMaxByteCount(charCount);
}
