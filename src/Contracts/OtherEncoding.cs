namespace StoriesCli.Contracts;

/// <summary>Recognises text in another encoding than UTF-8, so that the refusal can say what to do.</summary>
public static class OtherEncoding
{
    /// <summary>Names the encoding of text that is not UTF-8.</summary>
    /// <param name="head">First bytes of the file, which are not UTF-8 or contain NUL.</param>
    /// <returns>Null when the bytes are not text.</returns>
    public static string? Name(ReadOnlySpan<byte> head)
    {
        if (head is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            return "UTF-16 text, and text is accepted in UTF-8";
        }
        int ascii = 0,
            other = 0;
        foreach (var b in head)
        {
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\e') or 0x7f)
            {
                return null;
            }
            ascii += b < 0x80 ? 1 : 0;
            other += b < 0x80 ? 0 : 1;
        }
        return other == 0 ? null
            : ascii < other ? "text that is not UTF-8, if it is text"
            : "text that is not UTF-8 (it may be Latin-1, which \"iconv -f latin1 -t utf8\" converts)";
    }
}
