using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StoriesCli.Contracts;

/// <summary>Says in plain words where a text stops being JSON.</summary>
public static class JsonFault
{
    /// <summary>Such as <c>not JSON: unexpected 'o' at line 3, column 5</c>.</summary>
    /// <param name="e">What the parser found.</param>
    /// <param name="text">All of the parsed text, in UTF-8.</param>
    public static string Describe(JsonException e, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(e);
        var (line, at) = (e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
        var rest = text;
        for (var lines = line; lines > 0 && rest.IndexOf((byte)'\n') is >= 0 and var end; lines--)
        {
            rest = rest[(end + 1)..];
        }
        // People count characters, and begin at 1.
        var column = Encoding.UTF8.GetCharCount(rest[..(int)Math.Min(at, rest.Length)]) + 1;
        rest = at < rest.Length ? rest[(int)at..] : [];
        return string.Create(CultureInfo.InvariantCulture, $"not JSON: {What(rest)} at line {line + 1}, column {column}");
    }

    private static string What(ReadOnlySpan<byte> rest) =>
        rest.TrimEnd(" \t\r\n"u8).IsEmpty ? "it ends too early"
        : Rune.DecodeFromUtf8(rest, out var rune, out _) != System.Buffers.OperationStatus.Done ? "a byte that is no UTF-8"
        : rune.Value == '\n' ? "unexpected end of the line"
        : Rune.IsControl(rune) ? $"unexpected control character U+{rune.Value:X4}"
        : $"unexpected '{CleanText.OneLine(rune.ToString())}'";
}
