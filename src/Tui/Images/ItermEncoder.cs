using System.Globalization;

namespace StoriesCli.Tui.Images;

/// <summary>The inline images of iTerm2, WezTerm, VS Code, Warp and mintty: a whole file at the cursor, which the terminal decodes and scales.</summary>
internal static class ItermEncoder
{
    /// <summary>A longer file is not passed on: it would be mostly pixels that a terminal has no room for.</summary>
    private const int FileBytesMaximum = 512 * 1024;

    /// <summary>Whether every such terminal can decode it, and it is short enough.</summary>
    public static bool Takes(ReadOnlySpan<byte> file) =>
        file.Length <= FileBytesMaximum
        && (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || file.StartsWith(PngEncoder.Signature));

    /// <param name="file">JPEG or PNG, upright.</param>
    /// <param name="cells">The room, in which the picture keeps its shape.</param>
    public static ReadOnlyMemory<byte> Encode(ReadOnlySpan<byte> file, Box cells) =>
        new AsciiWriter(file.Length / 3 * 4 + 200)
            .Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"\e]1337;File=inline=1;size={file.Length};width={cells.Width};height={cells.Height};preserveAspectRatio=1;doNotMoveCursor=1:"
                )
            )
            .AddBase64(file)
            .Add('\a')
            .Written;
}
