namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Reduces a HEIC file to its primary image, so that the converter makes only that one.</summary>
internal static class HeicPrimary
{
    private const byte Hidden = 1;

    /// <summary>Hides all images but the primary one: bursts, thumbnails, depth maps, gain maps.</summary>
    /// <param name="heif">The parsed file.</param>
    /// <param name="edits">Edits of the file.</param>
    public static void Only(Heif heif, FileEdits edits)
    {
        var shown = heif.Shown();
        foreach (var item in heif.Items)
        {
            var entry = item.Entry.Payload;
            var flags = heif.File.U8(entry + 3);
            edits.Overwrite(entry + 3, [item == heif.Primary ? (byte)(flags & ~Hidden) : (byte)(flags | Hidden)]);
            if (!shown.Contains(item))
                edits.Overwrite(entry + (heif.File.U8(entry) == 3 ? 10 : 8), [.. "free"u8]);
        }
        edits.Cut(heif.TopEnd);
    }
}
