using QRCoder;

namespace StoriesCli.Tui.Images;

/// <summary>A QR code as rows of text, two modules a character.</summary>
public static class QrCode
{
    /// <summary>All rows have the same number of characters. Blocks stand for white, and the quiet zone is included.</summary>
    /// <param name="text">What it says.</param>
    public static string[] Rows(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var modules = code.ModuleMatrix;
        var rows = new string[(modules.Count + 1) / 2];
        for (var row = 0; row < rows.Length; row++)
        {
            var cells = new char[modules.Count];
            for (var x = 0; x < cells.Length; x++)
            {
                var upper = !modules[row * 2][x];
                var lower = row * 2 + 1 >= modules.Count || !modules[row * 2 + 1][x];
                cells[x] = (upper, lower) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                };
            }
            rows[row] = new(cells);
        }
        return rows;
    }
}
