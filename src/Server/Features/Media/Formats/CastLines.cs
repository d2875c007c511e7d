using System.Globalization;
using System.Text.Json;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>An event of a recording that still grows: output, or a new size of its terminal.</summary>
/// <param name="Output">The output; empty for a new size.</param>
/// <param name="Columns">Columns from now on; 0 for output.</param>
/// <param name="Rows">Rows from now on; 0 for output.</param>
internal readonly record struct CastEvent(string Output, int Columns = 0, int Rows = 0);

/// <summary>asciicast v3 lines that are appended to a recording: output and sizes alone. Typed input never gets in.</summary>
internal static class CastLines
{
    /// <summary>A recording that says it is longer is refused: viewers could not seek in it.</summary>
    public const double MostSeconds = 24 * 3600;

    /// <param name="lines">Whole lines, each with its line end.</param>
    /// <param name="seconds">How long the recording is. Grows by the lines.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c>: something else is in it.</exception>
    public static List<CastEvent> Read(ReadOnlySpan<byte> lines, ref double seconds)
    {
        var events = new List<CastEvent>();
        for (var number = 1; !lines.IsEmpty; number++)
        {
            var end = lines.IndexOf((byte)'\n');
            if (end < 0)
            {
                throw Refuse(number, "breaks off: each event is one line with its line end");
            }
            events.Add(
                ReadLine(lines[..end], ref seconds)
                    ?? throw Refuse(number, "is not [interval, \"o\", text] or [interval, \"r\", \"80x24\"]")
            );
            if (seconds > MostSeconds)
            {
                throw Refuse(number, "makes the recording longer than a day");
            }
            lines = lines[(end + 1)..];
        }
        return events;
    }

    /// <summary>Length of the whole lines at the beginning that are events. A kill may have come in the middle of what follows.</summary>
    public static int FindWhole(ReadOnlySpan<byte> lines)
    {
        var whole = 0;
        double seconds = 0;
        for (int end; (end = lines[whole..].IndexOf((byte)'\n')) >= 0 && ReadLine(lines.Slice(whole, end), ref seconds) is not null; )
        {
            whole += end + 1;
        }
        return whole;
    }

    private static CastEvent? ReadLine(ReadOnlySpan<byte> line, ref double seconds)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (
                !reader.Read()
                || reader.TokenType != JsonTokenType.StartArray
                || !reader.Read()
                || reader.TokenType != JsonTokenType.Number
                || !reader.TryGetDouble(out var interval)
                || interval is not (>= 0 and <= MostSeconds)
                || !reader.Read()
                || reader.TokenType != JsonTokenType.String
            )
            {
                return null;
            }
            var isOutput = reader.ValueTextEquals("o"u8);
            if (!(isOutput || reader.ValueTextEquals("r"u8)) || !reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                return null;
            }
            // Throws on half a character, which no terminal gives.
            var data = reader.GetString()!;
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray || reader.Read())
            {
                return null;
            }
            seconds += interval;
            return isOutput ? new(data) : ReadSize(data);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static CastEvent? ReadSize(string size) =>
        size.Split('x') is [var columns, var rows]
        && int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
        && int.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
        && width > 0
        && height > 0
            ? new("", width, height)
            : null;

    private static ApiProblem Refuse(int line, string fault) => ApiProblem.Invalid("body", $"line {line} {fault}");
}
