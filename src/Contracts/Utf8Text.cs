using System.Text.Unicode;

namespace StoriesCli.Contracts;

/// <summary>The rule for text that client and server share.</summary>
public static class Utf8Text
{
    /// <summary>Whether bytes are text: UTF-8 without NUL.</summary>
    /// <param name="bytes">Bytes that end with a whole character.</param>
    public static bool Is(ReadOnlySpan<byte> bytes) => !bytes.Contains((byte)0) && Utf8.IsValid(bytes);
}
