using System.Buffers;
using System.Globalization;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Recordings;

/// <summary>Reads asciicast v2 and v3 as it comes, a line at a time.</summary>
internal sealed class CastReader
{
    private const int LineBytesMaximum = 1024 * 1024;

    /// <summary>Longer pauses are cut to this, if nobody says otherwise.</summary>
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(2);

    /// <summary>No screen is as quick: what comes within is shown at once, and needs no event of its own.</summary>
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _latest = TimeSpan.FromDays(365);

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly List<CastEvent> _events = [];
    private (int Columns, int Rows)? _size;
    private (double Columns, double Rows) _stated;
    private bool _isVersion3;
    private TimeSpan _pause = _longestPause;
    private bool _isPauseGiven;
    private TimeSpan _recorded,
        _shown;

    /// <param name="cast">An asciicast, version 2 or 3.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="idleLimit">Longer pauses are cut to this; null for what the recording says, at most 2 seconds.</param>
    /// <exception cref="InvalidDataException">It is no recording, has more than <see cref="Limits.RecordingBytes"/>, or a line of more than 1 MiB.</exception>
    public static async Task<Recording> ReadAsync(Stream cast, CancellationToken cancel, TimeSpan? idleLimit = null)
    {
        var reader = new CastReader();
        if (idleLimit is { } given)
        {
            (reader._pause, reader._isPauseGiven) = (given, true);
        }
        var buffer = new byte[64 * 1024];
        var (filled, taken) = (0, 0L);
        while (true)
        {
            var read = await cast.ReadAsync(buffer.AsMemory(filled), cancel).ConfigureAwait(false);
            taken += read;
            filled += read;
            if (taken > Limits.RecordingBytes)
            {
                throw new InvalidDataException(
                    $"The recording has more than the {Limits.RecordingBytes / (1024 * 1024)} MiB that are played here."
                );
            }
            var left = reader.TakeLines(buffer.AsSpan(0, filled), isEnd: read == 0);
            if (read == 0)
            {
                return reader.Made();
            }
            buffer.AsSpan(filled - left, left).CopyTo(buffer);
            filled = left;
            if (filled == buffer.Length)
            {
                Array.Resize(
                    ref buffer,
                    buffer.Length < LineBytesMaximum
                        ? buffer.Length * 2
                        : throw new InvalidDataException("The recording has a line of more than 1 MiB.")
                );
            }
        }
    }

    /// <returns>How many bytes at the end belong to a line that is not complete.</returns>
    private int TakeLines(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            TakeLine(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }
        if (isEnd)
        {
            TakeLine(bytes);
        }
        return bytes.Length;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        if (line is [] or [(byte)'#', ..])
        {
            return;
        }
        try
        {
            if (_size is null)
            {
                ReadHeader(line);
            }
            else
            {
                ReadEvent(line);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a character, or a line that broke off: the rest can still be watched.
            if (_size is null)
            {
                throw new InvalidDataException("The recording's first line is no header of an asciicast.", e);
            }
        }
    }

    private Recording Made() =>
        _size is { } size
            ? new(size.Columns, size.Rows, _output.WrittenMemory, [.. _events]) { Stated = _stated }
            : throw new InvalidDataException("The recording is empty.");

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        _isVersion3 = Number(root, "version") == 3;
        if (!_isVersion3 && Number(root, "version") != 2)
        {
            throw new JsonException("neither version 2 nor 3");
        }
        _stated =
            _isVersion3 && root.TryGetProperty("term", out var term)
                ? (Number(term, "cols"), Number(term, "rows"))
                : (Number(root, "width"), Number(root, "height"));
        _size = (Emulated(_stated.Columns, Emulator.ColumnsMaximum), Emulated(_stated.Rows, Emulator.RowsMaximum));
        if (!_isPauseGiven && Number(root, "idle_time_limit") is > 0 and < 2 and var limit)
        {
            _pause = TimeSpan.FromSeconds(limit);
        }
    }

    /// <summary><c>[time, "o", "text"]</c>; the time counts from the start, or from the event before in version 3.</summary>
    private void ReadEvent(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        if (
            !(
                reader.Read()
                && reader.TokenType == JsonTokenType.StartArray
                && reader.Read()
                && reader.TokenType == JsonTokenType.Number
                && reader.TryGetDouble(out var seconds)
                && seconds >= 0
                && reader.Read()
                && reader.TokenType == JsonTokenType.String
            )
        )
        {
            return;
        }
        var isOutput = reader.ValueTextEquals("o"u8);
        var isResize = reader.ValueTextEquals("r"u8);
        var time = TimeSpan.FromSeconds(Math.Min(seconds, _latest.TotalSeconds));
        var at =
            _isVersion3 ? _recorded + time
            : time > _recorded ? time
            : _recorded;
        var pause = at - _recorded;
        _recorded = at < _latest ? at : _latest;
        _shown += pause < _pause ? pause : _pause;
        if (reader.Read() && reader.TokenType == JsonTokenType.String && (isOutput || isResize))
        {
            Add(ref reader, isResize);
        }
        else
        {
            Happened(default, default);
        }
    }

    private void Add(ref Utf8JsonReader reader, bool isResize)
    {
        if (!isResize)
        {
            _output.Advance(reader.CopyString(_output.GetSpan(reader.ValueSpan.Length + 1)));
            Happened(default, default);
        }
        else if (
            reader.GetString()!.Split('x') is [var columns, var rows]
            && int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var x)
            && int.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
        )
        {
            Happened((ushort)Emulated(x, Emulator.ColumnsMaximum), (ushort)Emulated(y, Emulator.RowsMaximum));
        }
    }

    private void Happened(ushort columns, ushort rows)
    {
        if (columns == 0 && _events.Count > 0 && _events[^1] is var last && _shown - last.At < _shortest)
        {
            _events[^1] = last with { End = _output.WrittenCount };
            return;
        }
        _events.Add(new(_shown, _output.WrittenCount, columns, rows));
    }

    private static int Emulated(double size, int maximum) => (int)Math.Clamp(size, 1, maximum);

    private static double Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var number)
            ? number
            : 0;
}
