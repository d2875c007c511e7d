using System.Text;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.Tests.Recordings;

/// <summary>An emulator with its screen as text.</summary>
internal static class Terminal
{
    public static Emulator Of(int columns, int rows, string output) => new Emulator(columns, rows).Fed(output);

    public static Emulator Fed(this Emulator emulator, string output) => emulator.Fed(Encoding.UTF8.GetBytes(output));

    public static Emulator Fed(this Emulator emulator, ReadOnlySpan<byte> output)
    {
        while (!output.IsEmpty)
        {
            var work = RecordingPlayer.WorkAtOnce;
            output = output[emulator.Feed(output, ref work)..];
        }
        return emulator;
    }

    public static string Line(this Emulator emulator, int y)
    {
        var text = new StringBuilder();
        foreach (var glyph in emulator.Row(y))
        {
            glyph.AppendTo(text);
        }
        return text.ToString().TrimEnd(' ');
    }

    public static string[] Lines(this Emulator emulator) => [.. Enumerable.Range(0, emulator.Rows).Select(emulator.Line)];
}
