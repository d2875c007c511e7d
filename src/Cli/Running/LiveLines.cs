using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Running;

/// <summary>
/// Events of a recording that wait to be sent, as lines of asciicast v3. What does not fit into the largest recording is left out of its
/// middle: the beginning was sent already, and the end is what people want to see. Not thread-safe.
/// </summary>
/// <param name="mostBytes">Largest recording of the server.</param>
internal sealed class LiveLines(long mostBytes)
{
    // A line with every character escaped stays below the largest request.
    private const int MostCharacters = 16 * 1024;
    private const int HeadBytes = 256;
    private const long EndBytes = 512 * 1024;
    private const int LineBytes = 24;

    private readonly Queue<Piece> _waiting = new();
    private readonly Queue<Piece> _end = new();
    private readonly long _room = mostBytes - HeadBytes - Math.Min(EndBytes, mostBytes / 4);

    // Two notes have room beside it.
    private readonly long _endRoom = Math.Min(EndBytes, mostBytes / 4) - 2 * HeadBytes;
    private long _taken,
        _endTaken,
        _dropped;
    private TimeSpan _last;
    private bool _isFull;

    private readonly record struct Piece(string Kind, byte[] Text, TimeSpan At, long Stamp);

    /// <summary>Adds an event.</summary>
    /// <param name="kind"><c>o</c> or <c>r</c>.</param>
    /// <param name="data">Output, with secrets masked, or a size.</param>
    /// <param name="at">Its time in the recording.</param>
    /// <param name="stamp">When it came, by the clock's timestamp.</param>
    public void Add(string kind, string data, TimeSpan at, long stamp)
    {
        for (var start = 0; start < data.Length; )
        {
            var length = Math.Min(MostCharacters, data.Length - start);
            if (start + length < data.Length && char.IsHighSurrogate(data[start + length - 1]))
            {
                length--;
            }
            var text = JsonEncodedText.Encode(data.AsSpan(start, length), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
            Add(new(kind, text.ToArray(), at, stamp));
            start += length;
        }
    }

    /// <summary>The next lines that came until a time.</summary>
    /// <param name="until">Timestamp; null for everything, also what was left for the end.</param>
    /// <param name="most">Largest number of bytes.</param>
    public byte[] Take(long? until, int most)
    {
        var lines = new MemoryStream();
        if (until is null && _waiting.Count == 0 && _dropped > 0)
        {
            Write(lines, Note($"{ByteSize.Format(_dropped)} are not in this recording"));
            _dropped = 0;
        }
        var from = until is null && _waiting.Count == 0 ? _end : _waiting;
        while (from.TryPeek(out var next) && (until is null || next.Stamp <= until) && lines.Length + Size(next) <= most)
        {
            Write(lines, from.Dequeue());
        }
        return lines.ToArray();
    }

    private void Add(Piece piece)
    {
        var size = Size(piece);
        if (_end.Count == 0 && _dropped == 0 && _taken + size <= _room)
        {
            _taken += size;
            _waiting.Enqueue(piece);
            return;
        }
        if (!_isFull)
        {
            // Else viewers would take the command for one that has stopped.
            _isFull = true;
            _waiting.Enqueue(
                Note("The recording is nearly full. What follows is shown when the command ends.") with
                {
                    At = piece.At,
                    Stamp = piece.Stamp,
                }
            );
        }
        _end.Enqueue(piece);
        for (_endTaken += size; _endTaken > _endRoom && _end.TryDequeue(out var oldest); )
        {
            _endTaken -= Size(oldest);
            _dropped += oldest.Text.Length;
        }
    }

    private Piece Note(string words)
    {
        var text = JsonEncodedText.Encode($"\e[0m\r\n\e[2m({words})\e[0m\r\n");
        return new("o", text.EncodedUtf8Bytes.ToArray(), _last, 0);
    }

    private static int Size(Piece piece) => piece.Text.Length + LineBytes;

    private void Write(MemoryStream lines, Piece piece)
    {
        var interval = Math.Max(0, (piece.At - _last).TotalSeconds);
        _last = piece.At > _last ? piece.At : _last;
        lines.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{interval:0.000},\"{piece.Kind}\",\"")));
        lines.Write(piece.Text);
        lines.Write("\"]\n"u8);
    }
}
