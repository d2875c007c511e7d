namespace StoriesCli.Server.Media.Formats;

/// <summary>Cleans sample descriptions: what a decoder needs stays; names of makers and encoders go.</summary>
internal static class IsoDescriptions
{
    private const int SoundHeaderBytes = 28, VideoBytes = 78, VendorAt = 12, CompressorAt = 42, CompressorBytes = 32;

    // By these two names a decoder tells apart what has one code.
    private static readonly string[] TellingNames = ["Planar Y'CbCr 8-bit 4:2:0", "Sorenson H263"];

    // Besides boxes that end with a C, which by convention configure a decoder: avcC, hvcC, av1C, vpcC.
    private static readonly HashSet<string> Kept =
    [
        "esds", "wave", "chan", "chnl", "srat", "alac", "dOps", "dfLa", "dac3", "dec3", "dac4", "dlba", "damr", "ddts", "dmlp", "d263", "dvc1",
        "glbl", "strf", "colr", "pasp", "clap", "fiel", "gama", "mdcv", "clli", "SmDm", "CoLL", "amve", "cclv", "btrt", "hvcE", "avcE", "st3d", "sv3d", "vexu", "hfov",
        "auxi", "ccst", "jp2h", "mjqt", "mjht", "SMI ", "ARES", "APRG", "ftab",
    ];

    /// <param name="boxes">Of the file.</param>
    /// <param name="descriptions">A track's <c>stsd</c>.</param>
    /// <param name="handler">What the track carries. Descriptions of text hold fonts and colours, and stay as they are.</param>
    /// <param name="edits">Of the file.</param>
    public static void Clean(IsoBoxes boxes, IsoBox descriptions, string handler, FileEdits edits)
    {
        boxes.Need(descriptions, 8);
        var isPicture = handler is "vide" or "auxv" or "pict";
        if (!isPicture && handler != "soun") return;
        foreach (var entry in boxes.Children(descriptions, skip: 8))
        {
            var at = isPicture ? VideoBytes : SoundBytes(boxes, entry);
            if (entry.Size < at) continue;
            edits.Overwrite(entry.Payload + VendorAt, [], 4);
            if (isPicture) ClearCompressor(boxes, entry, edits);
            CleanChildren(boxes.File, entry.Payload + at, entry.End, edits);
        }
    }

    // QuickTime has more numbers here than the standard; where a box follows at once there are none.
    private static int SoundBytes(IsoBoxes boxes, IsoBox entry)
    {
        if (entry.Size < SoundHeaderBytes + 8 || boxes.File.FourCc(entry.Payload + SoundHeaderBytes + 4).All(c => c is >= ' ' and <= '~')) return SoundHeaderBytes;
        return boxes.File.U16(entry.Payload + 8) switch { 1 => 44, 2 => 64, _ => SoundHeaderBytes };
    }

    private static void ClearCompressor(IsoBoxes boxes, IsoBox entry, FileEdits edits)
    {
        var name = boxes.File.Read(entry.Payload + CompressorAt, CompressorBytes);
        foreach (var telling in TellingNames)
            if (name[1..].StartsWith(System.Text.Encoding.ASCII.GetBytes(telling)))
                return;
        edits.Overwrite(entry.Payload + CompressorAt, [], CompressorBytes);
    }

    /// <summary>Stops where no box follows: QuickTime ends these lists with zeros, and has palettes instead of them.</summary>
    private static void CleanChildren(FileBytes file, long at, long end, FileEdits edits)
    {
        while (end - at >= 8)
        {
            var size = file.U32(at);
            if (size < 8 || size > end - at) return;
            var box = new IsoBox(file.FourCc(at + 4), at, 8, at + size);
            if (!Kept.Contains(box.Type) && !box.Type.EndsWith('C')) IsoMetadata.Free(box, edits);
            at += size;
        }
    }
}
