using QRCoder;

namespace StoriesCli.Cli;

/// <summary>A QR code as lines of text, two modules a character.</summary>
internal static class QrLines
{
    /// <param name="text">What it says.</param>
    /// <param name="hasColour">Whether black and white may be said outright; otherwise the blocks stand for white, as terminals are dark more often than not.</param>
    public static string[] Draw(string text, bool hasColour)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        // The quiet zone is part of the matrix.
        var rows = code.ModuleMatrix;
        var lines = new string[(rows.Count + 1) / 2];
        for (var line = 0; line < lines.Length; line++)
        {
            var cells = new char[rows.Count];
            for (var x = 0; x < cells.Length; x++)
            {
                var upper = !rows[line * 2][x];
                var lower = line * 2 + 1 >= rows.Count || !rows[line * 2 + 1][x];
                cells[x] = (upper, lower) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' };
            }
            lines[line] = hasColour ? $"\e[97;40m{new string(cells)}\e[0m" : new(cells);
        }
        return lines;
    }
}
