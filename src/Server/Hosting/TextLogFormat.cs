using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace StoriesCli.Server.Hosting;

/// <summary>Writes one line per entry, whatever it contains: paths and names come from others, and must neither start a new line nor control a terminal.</summary>
internal sealed class TextLogFormat : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter Line = new(
        "{UtcTimestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {Level:u3} {Message:lj}",
        CultureInfo.InvariantCulture
    );

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        Line.Format(logEvent, line);
        WriteEscaped(line.GetStringBuilder().ToString(), output);
        output.WriteLine();
        // Indented, so that no line of an exception can pass for an entry.
        foreach (var part in logEvent.Exception?.ToString().Split('\n') ?? [])
        {
            output.Write("   ");
            WriteEscaped(part.TrimEnd('\r'), output);
            output.WriteLine();
        }
    }

    private static void WriteEscaped(string text, TextWriter output)
    {
        foreach (var c in text)
        {
            // The category Format covers bidirectional controls; the separators end a line in some viewers.
            if (
                char.IsControl(c)
                || char.GetUnicodeCategory(c)
                    is UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
            )
            {
                output.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
            }
            else
            {
                output.Write(c);
            }
        }
    }
}
