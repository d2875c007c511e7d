using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>asciicast v2 and v3: a header and events, one JSON value per line.</summary>
internal static class Cast
{
    private const int MostLineBytes = 1024 * 1024;
    private const double MostSeconds = 1e9;

    public readonly record struct Header(int Version, int Columns, int Rows);

    /// <summary>One event: position and length of its line with the line end, its time as written, and the position of that time in the file.</summary>
    public readonly record struct Event(int Line, long Offset, long Bytes, double Time, bool IsInput, long TimeOffset, int TimeBytes)
    {
        /// <summary>Whether the line is a truncated last event, because the recorder was killed.</summary>
        public bool IsCut { get; init; }
    }

    private readonly record struct Line(int Number, long Offset, long Bytes, ReadOnlyMemory<byte> Text, bool IsEnded);

    // Codes whose data is text. The meaning and data of other codes are left to programs that know them.
    private static readonly string[] TextCodes = ["o", "i", "m", "r", "x"];

    /// <summary>Whether the first bytes may begin an asciicast.</summary>
    public static bool Seems(ReadOnlySpan<byte> first) => Asciicast.VersionOf(first) >= 2;

    /// <summary>Whether it is version 1, which gets an error of its own.</summary>
    public static bool IsVersion1(ReadOnlySpan<byte> first) => Asciicast.VersionOf(first) == 1;

    /// <summary>Offset of the header: after a UTF-8 byte order mark, if there is one.</summary>
    public static int Start(FileBytes file) => Asciicast.MarkBytes(file.ReadUpTo(0, 3));

    /// <exception cref="MediaRefusedException">The header or a line is malformed.</exception>
    /// <remarks>The recording lasts until its last event that is not input, because input is removed.</remarks>
    public static MediaFacts Inspect(FileBytes file)
    {
        if (FindHeader(file) is not { } header)
            throw file.Broken("its first line is not a header of version 2 or 3 that says how many columns and rows the terminal has");
        double seconds = 0,
            typing = 0;
        foreach (var found in ReadEvents(file))
        {
            if (found.IsCut)
                break;
            var until = header.Version == 3 ? seconds + typing + found.Time : Math.Max(seconds, found.Time);
            if (until > MostSeconds)
                throw file.Broken($"the time on line {found.Line} is out of range");
            typing = found.IsInput ? typing + found.Time : 0;
            seconds = found.IsInput ? seconds : until;
        }
        return new MediaFacts(StoryKinds.Recording, MediaTypes.Cast, header.Columns, header.Rows, (long)(seconds * 1000));
    }

    /// <summary>The header in the first line; null when it is no header, or longer than the window.</summary>
    public static Header? FindHeader(FileBytes file)
    {
        var first = file.ReadUpTo(Start(file), FileBytes.WindowBytes);
        return first.IndexOf((byte)'\n') is >= 0 and var end ? ReadHeader(first[..end])
            : first.Length < FileBytes.WindowBytes ? ReadHeader(first)
            : null;
    }

    /// <summary>The events, in the order of the file.</summary>
    /// <exception cref="MediaRefusedException">A line is not an event.</exception>
    public static IEnumerable<Event> ReadEvents(FileBytes file)
    {
        foreach (var line in ReadLines(file))
        {
            if (line.Number == 1 || IsIgnored(line.Text.Span))
                continue;
            yield return ReadEvent(line)
                ?? (
                    line.Offset + line.Bytes == file.Length && !line.IsEnded && Begins(line.Text.Span)
                        ? new Event(line.Number, line.Offset, line.Bytes, 0, IsInput: false, line.Offset, 0) { IsCut = true }
                        : throw file.Broken($"line {line.Number} is not an event")
                );
        }
    }

    private static bool IsIgnored(ReadOnlySpan<byte> line) => line.Trim(" \t\r"u8) is [] or [(byte)'#', ..];

    private static Header? ReadHeader(ReadOnlySpan<byte> line)
    {
        try
        {
            if (!Utf8.IsValid(line))
                return null;
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            if (reader.Read() || root.ValueKind != JsonValueKind.Object)
                return null;
            var header = Number(root, "version") switch
            {
                2 => new Header(2, Number(root, "width"), Number(root, "height")),
                3 when root.TryGetProperty("term", out var term) => new Header(3, Number(term, "cols"), Number(term, "rows")),
                _ => default,
            };
            return header is { Columns: > 0, Rows: > 0 } ? header : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static int Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number)
            ? number
            : 0;

    /// <summary>Parses <c>[time, "code", "data"]</c>; null when the line is not of this form.</summary>
    private static Event? ReadEvent(Line line)
    {
        try
        {
            var text = line.Text.Span;
            var reader = new Utf8JsonReader(text);
            if (
                !Utf8.IsValid(text)
                || !reader.Read()
                || reader.TokenType != JsonTokenType.StartArray
                || !reader.Read()
                || reader.TokenType != JsonTokenType.Number
                || !reader.TryGetDouble(out var time)
                || time is not (>= 0 and <= MostSeconds)
            )
                return null;
            var (timeStart, timeBytes) = (reader.TokenStartIndex, reader.ValueSpan.Length);
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                return null;
            var isInput = reader.ValueTextEquals("i"u8);
            var isText = false;
            foreach (var code in TextCodes)
                isText |= reader.ValueTextEquals(code);
            if (!reader.Read() || (isText && reader.TokenType != JsonTokenType.String))
                return null;
            var fields = 0;
            // The number of fields of an event with an unknown code is left to programs that know it.
            for (; reader.TokenType != JsonTokenType.EndArray; fields++)
                if (!reader.TrySkip() || !reader.Read())
                    return null;
            return (fields == 1 || !isText) && !reader.Read()
                ? new Event(line.Number, line.Offset, line.Bytes, time, isInput, line.Offset + timeStart, timeBytes)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the line is the beginning of an event that breaks off.</summary>
    private static bool Begins(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, isFinalBlock: false, default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                return false;
            while (reader.Read())
                if (reader.CurrentDepth == 0)
                    return false;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<Line> ReadLines(FileBytes file)
    {
        var text = new ArrayBufferWriter<byte>();
        var number = 0;
        long start = Start(file);
        for (var at = start; at < file.Length; )
        {
            var window = file.ReadOn(at);
            var end = window.IndexOf((byte)'\n');
            var part = end < 0 ? window : window[..end];
            if (text.WrittenCount + part.Length > MostLineBytes)
                throw file.Broken($"it has a line of more than {MostLineBytes} bytes");
            text.Write(part);
            at += end < 0 ? part.Length : end + 1;
            if (end < 0 && at < file.Length)
                continue;
            yield return new(++number, start, at - start, text.WrittenMemory, IsEnded: end >= 0);
            text.ResetWrittenCount();
            start = at;
        }
    }
}
