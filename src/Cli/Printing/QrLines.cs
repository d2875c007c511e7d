using StoriesCli.Tui.Images;

namespace StoriesCli.Cli.Printing;

/// <summary>A QR code as lines of text.</summary>
internal static class QrLines
{
    /// <param name="text">What it says.</param>
    /// <param name="hasColour">Whether colours can be set; otherwise blocks are drawn as white, for a dark terminal.</param>
    public static string[] Draw(string text, bool hasColour) =>
        hasColour ? [.. QrCode.Rows(text).Select(row => $"\e[97;40m{row}\e[0m")] : QrCode.Rows(text);
}
