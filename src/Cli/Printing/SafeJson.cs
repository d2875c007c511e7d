using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace StoriesCli.Cli.Printing;

/// <summary>Writes JSON with control and bidirectional characters escaped, so that it is safe for a terminal.</summary>
internal static class SafeJson
{
    private static readonly JavaScriptEncoder Encoder = MakeEncoder();

    /// <summary>The server's problem document, or a similar one about a local failure.</summary>
    public static string Problem(CliError fault)
    {
        if (fault.Document is not null)
        {
            using var document = JsonDocument.Parse(fault.Document);
            return Write(document.RootElement.WriteTo, indented: false);
        }
        return Write(
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("type", "about:blank");
                writer.WriteString("title", ExitCode.Explain(fault.ExitCode));
                writer.WriteString("detail", fault.Message);
                writer.WriteNumber("exitCode", fault.ExitCode);
                writer.WriteEndObject();
            },
            indented: false
        );
    }

    public static string Write(Action<Utf8JsonWriter> write, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new()
                {
                    Encoder = Encoder,
                    Indented = indented,
                    NewLine = "\n",
                }
            )
        )
        {
            write(writer);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JavaScriptEncoder MakeEncoder()
    {
        var allowed = new TextEncoderSettings(UnicodeRanges.All);
        allowed.ForbidRange(UnicodeRange.Create('\u0080', '\u009f'));
        allowed.ForbidCharacters('\u061c', '\u200e', '\u200f', '\u2028', '\u2029');
        allowed.ForbidRange(UnicodeRange.Create('\u202a', '\u202e'));
        allowed.ForbidRange(UnicodeRange.Create('\u2066', '\u2069'));
        return JavaScriptEncoder.Create(allowed);
    }
}
