namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Cleans sample descriptions: keeps what a decoder needs, removes names of makers and encoders.</summary>
internal static class IsoDescriptions
{
    private const int SoundHeaderBytes = 28,
        VideoBytes = 78,
        VendorAt = 12,
        QualityBytes = 8,
        SizeAt = 36,
        CompressorAt = 42,
        CompressorBytes = 32,
        DepthAt = 74;

    // A decoder uses these two names to distinguish variants with the same code.
    private static readonly string[] TellingNames = ["Planar Y'CbCr 8-bit 4:2:0", "Sorenson H263"];

    /// <param name="boxes">Boxes of the file.</param>
    /// <param name="descriptions">The <c>stsd</c> box of a track.</param>
    /// <param name="handler">Type of the track. Descriptions of text contain fonts and colours, and are not changed.</param>
    /// <param name="edits">Edits of the file.</param>
    public static void Clean(IsoBoxes boxes, IsoBox descriptions, string handler, FileEdits edits)
    {
        boxes.Need(descriptions, 8);
        var isPicture = handler is "vide" or "auxv" or "pict";
        if (!isPicture && handler != "soun")
            return;
        var (left, end) = (boxes.File.U32(descriptions.Payload + 4), descriptions.Payload + 8);
        foreach (var entry in boxes.Children(descriptions, skip: 8))
        {
            end = entry.End;
            // Bytes after the stated entries describe no sample.
            if (left == 0)
            {
                IsoMetadata.Free(entry, edits);
                continue;
            }
            left--;
            var at = isPicture ? VideoBytes : SoundBytes(boxes, entry);
            if (entry.Size < at)
                continue;
            edits.Overwrite(entry.Payload, [], 6);
            edits.Overwrite(entry.Payload + VendorAt, [], 4);
            var codec = new IsoCodecBoxes(boxes.File, entry.Type, edits);
            if (isPicture)
            {
                ClearPicture(boxes, entry, edits);
                codec.Clean(entry.Payload + at + PaletteBytes(boxes.File, entry), entry.End);
            }
            else
                codec.Clean(entry.Payload + at, entry.End);
        }
        edits.Zero(end, descriptions.End);
    }

    // QuickTime has more fields here than the standard; when a box follows at once, it has none.
    private static int SoundBytes(IsoBoxes boxes, IsoBox entry)
    {
        if (entry.Size < SoundHeaderBytes + 8 || boxes.File.FourCc(entry.Payload + SoundHeaderBytes + 4).All(c => c is >= ' ' and <= '~'))
            return SoundHeaderBytes;
        return boxes.File.U16(entry.Payload + 8) switch
        {
            1 => 44,
            2 => 64,
            _ => SoundHeaderBytes,
        };
    }

    private static void ClearPicture(IsoBoxes boxes, IsoBox entry, FileEdits edits)
    {
        edits.Overwrite(entry.Payload + VendorAt + 4, [], QualityBytes);
        edits.Overwrite(entry.Payload + SizeAt, [], 4);
        var name = boxes.File.Read(entry.Payload + CompressorAt, CompressorBytes);
        foreach (var telling in TellingNames)
        {
            if (name[0] != telling.Length || !name[1..].StartsWith(System.Text.Encoding.ASCII.GetBytes(telling)))
                continue;
            edits.Zero(entry.Payload + CompressorAt + 1 + telling.Length, entry.Payload + CompressorAt + CompressorBytes);
            return;
        }
        edits.Overwrite(entry.Payload + CompressorAt, [], CompressorBytes);
    }

    /// <summary>QuickTime stores the palette of images with few colours before the boxes.</summary>
    private static long PaletteBytes(FileBytes file, IsoBox entry)
    {
        var isPalette = (file.U16(entry.Payload + DepthAt) & 0x1F) is 1 or 2 or 4 or 8 && file.U16(entry.Payload + DepthAt + 2) == 0;
        if (!isPalette || entry.Size < VideoBytes + 8)
            return 0;
        var bytes = 8 + (8L * (file.U16(entry.Payload + VideoBytes + 6) + 1));
        return bytes <= 8 + (8 * 256) && bytes <= entry.Size - VideoBytes ? bytes : 0;
    }
}
