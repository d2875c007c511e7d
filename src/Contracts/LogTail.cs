using System.Globalization;
using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Keeps the end of a text that is too long for a text card: of a log the last lines matter. Never holds more than twice the limit.</summary>
public sealed class LogTail
{
    // Room for the line that says what is left out.
    private const int NoteBytes = 128;

    private readonly byte[] _kept = new byte[2 * Limits.TextBytes];
    private int _length;

    /// <summary>How many bytes have come.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many of them are left out by <see cref="Read"/>; known once that was called.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Whether it is a name of text whose end is enough: .txt, .log or .md.</summary>
    public static bool IsNameOfText(string? name) =>
        name is not null && Path.GetExtension(name).ToUpperInvariant() is ".TXT" or ".LOG" or ".MD";

    /// <summary>Takes the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        if (bytes.Length > _kept.Length)
        {
            bytes = bytes[^_kept.Length..];
        }
        if (_length + bytes.Length > _kept.Length)
        {
            // Half of the room is always enough for what is kept in the end.
            var keep = Math.Min(Math.Min(_length, Limits.TextBytes), _kept.Length - bytes.Length);
            _kept.AsSpan(_length - keep, keep).CopyTo(_kept);
            _length = keep;
        }
        bytes.CopyTo(_kept.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>The text: all of it, or its last whole lines below a line that says how much is left out. At most <see cref="Limits.TextBytes"/> bytes in UTF-8.</summary>
    /// <returns>Null when it is not UTF-8.</returns>
    public string? Read()
    {
        var kept = _kept.AsSpan(0, _length);
        if (Bytes <= Limits.TextBytes)
        {
            return Decode(kept[Asciicast.MarkBytes(kept)..]);
        }
        kept = kept[^(Limits.TextBytes - NoteBytes)..];
        // Half a character must not stand at its beginning, nor half a line if there are others.
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

    private static string? Decode(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.Contains((byte)0) ? Encoding.UTF8.GetString(bytes) : null;
}
