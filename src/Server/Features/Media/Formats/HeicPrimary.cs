namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Makes a HEIC file one of a single picture, so that its converter makes that one and no other.</summary>
internal static class HeicPrimary
{
    private const byte Hidden = 1;

    /// <summary>Hides all items but the primary one. What is not shown is no picture any longer: bursts, thumbnails, depths, gain maps.</summary>
    /// <param name="heif">The file, read.</param>
    /// <param name="edits">Of the file.</param>
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
