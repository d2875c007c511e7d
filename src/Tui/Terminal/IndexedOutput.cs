using System.Globalization;
using System.Text;
using StoriesCli.Tui.ViewModels;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Terminal;

/// <summary>For terminals of 256 colours: Terminal.Gui knows true colours and sixteen, and asks a terminal of 256 for true ones.</summary>
internal sealed class IndexedOutput(AppModel model) : AnsiOutput(model)
{
    public const string DriverName = "ansi-256";

    /// <summary>Makes the driver known; it differs in its colours alone.</summary>
    public static void Register() => DriverRegistry.Register(new(DriverName, "ANSI, 256 colours", "As ansi, with 256 colours.", [PlatformID.Unix], () => new Factory()));

    protected override void AppendOrWriteAttribute(StringBuilder output, Attribute attr, TextStyle redrawTextStyle)
    {
        var start = output.Length;
        base.AppendOrWriteAttribute(output, attr, redrawTextStyle);
        var written = output.ToString(start, output.Length - start);
        output.Length = start;
        output.Append(Reduce(written));
    }

    /// <summary>The same sequences, with the nearest of 256 in place of each true colour.</summary>
    public static string Reduce(string sequences)
    {
        var reduced = new StringBuilder();
        var from = 0;
        while (sequences.IndexOf("8;2;", from, StringComparison.Ordinal) is var at and >= 0)
        {
            var end = sequences.IndexOf('m', at);
            var parts = end < 0 ? [] : sequences[(at + 4)..end].Split(';');
            if (parts.Length < 3 || !byte.TryParse(parts[0], CultureInfo.InvariantCulture, out var r) || !byte.TryParse(parts[1], CultureInfo.InvariantCulture, out var g) || !byte.TryParse(parts[2], CultureInfo.InvariantCulture, out var b))
            {
                break;
            }
            reduced.Append(sequences, from, at - from).Append(CultureInfo.InvariantCulture, $"8;5;{Colours.NearestIndexed(new(r, g, b))}");
            foreach (var rest in parts.AsSpan(3))
            {
                reduced.Append(';').Append(rest);
            }
            from = end;
        }
        return reduced.Append(sequences, from, sequences.Length - from).ToString();
    }

    private sealed class Factory : AnsiComponentFactory
    {
        public override IOutput CreateOutput() => new IndexedOutput(AppModel);
    }
}
