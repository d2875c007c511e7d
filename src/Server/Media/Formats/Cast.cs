using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Media.Formats;

/// <summary>asciicast v2 and v3: a header and events, one JSON value a line.</summary>
internal static class Cast
{
    private const int MostLineBytes = 1024 * 1024;
    private const double MostSeconds = 1e9;

    private readonly record struct Header(int Version, int Columns, int Rows);

    /// <summary>Whether it may be one, by its first line as far as it is known.</summary>
    public static bool Seems(ReadOnlySpan<byte> first)
    {
        var line = first.IndexOf((byte)'\n') is >= 0 and var end ? first[..end] : first;
        return line.StartsWith("{"u8) && line.IndexOf("\"version\""u8) >= 0;
    }

    /// <summary>Null when the first line is no header of an asciicast, so that the file may still be text.</summary>
    public static MediaFacts? Inspect(FileBytes file)
    {
        Header? header = null;
        double seconds = 0;
        var number = 0;
        foreach (var line in ReadLines(file))
        {
            number++;
            if (header is not { } known)
            {
                // Read in one piece where its environment is taken out.
                if (line.Length >= FileBytes.WindowBytes) return null;
                header = ReadHeader(line.Span);
                if (header is null) return null;
                continue;
            }
            if (IsIgnored(line.Span)) continue;
            var time = ReadEvent(line.Span) ?? throw file.Broken($"line {number} is not an event");
            seconds = known.Version == 3 ? seconds + time : Math.Max(seconds, time);
            if (seconds > MostSeconds) throw file.Broken($"the time on line {number} is out of range");
        }
        return header is { } shape ? new MediaFacts(StoryKinds.Recording, MediaTypes.Cast, shape.Columns, shape.Rows, (long)(seconds * 1000)) : null;
    }

    private static bool IsIgnored(ReadOnlySpan<byte> line) => line.Trim(" \t\r"u8) is [] or [(byte)'#', ..];

    private static Header? ReadHeader(ReadOnlySpan<byte> line)
    {
        try
        {
            if (!Utf8.IsValid(line)) return null;
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            if (reader.Read() || root.ValueKind != JsonValueKind.Object) return null;
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
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    /// <summary>The time of <c>[time, "code", "data"]</c>; null when the line is nothing like it.</summary>
    private static double? ReadEvent(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return Utf8.IsValid(line)
                && reader.Read() && reader.TokenType == JsonTokenType.StartArray
                && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var time) && time is >= 0 and <= MostSeconds
                && reader.Read() && reader.TokenType == JsonTokenType.String
                && reader.Read() && reader.TokenType == JsonTokenType.String
                && reader.Read() && reader.TokenType == JsonTokenType.EndArray
                && !reader.Read() ? time : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> ReadLines(FileBytes file)
    {
        var line = new ArrayBufferWriter<byte>();
        for (long at = 0; at < file.Length;)
        {
            var window = file.ReadOn(at);
            var end = window.IndexOf((byte)'\n');
            var part = end < 0 ? window : window[..end];
            if (line.WrittenCount + part.Length > MostLineBytes) throw file.Broken($"it has a line of more than {MostLineBytes} bytes");
            line.Write(part);
            at += end < 0 ? part.Length : end + 1;
            if (end < 0 && at < file.Length) continue;
            yield return line.WrittenMemory;
            line.ResetWrittenCount();
        }
    }
}
