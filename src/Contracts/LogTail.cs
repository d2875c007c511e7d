using System.Globalization;
using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Keeps the end of a text that is too long for a text card: the last lines of a log matter most. Holds at most twice the limit.</summary>
public sealed class LogTail
{
    // Room for the line that says how much is left out.
    private const int NoteBytes = 128;

    private readonly byte[] _kept = new byte[2 * Limits.TextBytes];
    private int _length;

    /// <summary>Bytes added so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that <see cref="Read"/> left out; known only after it was called.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Whether the file name is of a text whose end is enough: .txt, .log or .md.</summary>
    public static bool IsNameOfText(string? name) =>
        name is not null && Path.GetExtension(name).ToUpperInvariant() is ".TXT" or ".LOG" or ".MD";

    /// <summary>Adds the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        if (bytes.Length > _kept.Length)
        {
            bytes = bytes[^_kept.Length..];
        }
        if (_length + bytes.Length > _kept.Length)
        {
            // The kept end always fits in half of the room.
            var keep = Math.Min(Math.Min(_length, Limits.TextBytes), _kept.Length - bytes.Length);
            _kept.AsSpan(_length - keep, keep).CopyTo(_kept);
            _length = keep;
        }
        bytes.CopyTo(_kept.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>All of the text, or its last whole lines below a line that says how much is left out. At most <see cref="Limits.TextBytes"/> bytes in UTF-8.</summary>
    /// <returns>Null when it is not UTF-8 without NUL.</returns>
    public string? Read()
    {
        var kept = _kept.AsSpan(0, _length);
        if (Bytes <= Limits.TextBytes)
        {
            return Decode(kept[Asciicast.MarkBytes(kept)..]);
        }
        kept = kept[^(Limits.TextBytes - NoteBytes)..];
        // The text must not begin within a character, nor within a line if it has others.
        var line = kept.IndexOf((byte)'\n');
        kept = line >= 0 && line < kept.Length - 1 ? kept[(line + 1)..] : SkipHalf(kept);
        LeftOut = Bytes - kept.Length;
        return Decode(kept) is { } text
            ? string.Create(CultureInfo.InvariantCulture, $"[the first {LeftOut:N0} of {Bytes:N0} bytes are left out]\n{text}")
            : null;
    }

    private static Span<byte> SkipHalf(Span<byte> kept)
    {
        while (kept.Length > 0 && (kept[0] & 0xC0) == 0x80)
        {
            kept = kept[1..];
        }
        return kept;
    }

    private static string? Decode(ReadOnlySpan<byte> bytes) => Utf8Text.Is(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
