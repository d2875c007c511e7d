namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>The known brands of a file type box. Other brands would reveal the camera or program that made the file.</summary>
internal static class IsoBrands
{
    private static readonly HashSet<string> Known =
    [
        "isom",
        "iso2",
        "iso3",
        "iso4",
        "iso5",
        "iso6",
        "iso7",
        "iso8",
        "iso9",
        "isoa",
        "isob",
        "isoc",
        "mp41",
        "mp42",
        "avc1",
        "hvc1",
        "hev1",
        "av01",
        "vp09",
        "dash",
        "msdh",
        "msix",
        "cmfc",
        "cmf2",
        "cmfs",
        "cmff",
        "cmfl",
        "cmaf",
        "cfhd",
        "cfsd",
        "chdf",
        "caac",
        "caaa",
        "M4V ",
        "M4VH",
        "M4VP",
        "M4A ",
        "M4B ",
        "f4v ",
        "F4V ",
        "MSNV",
        Iso.QuickTime,
        "3gp4",
        "3gp5",
        "3gp6",
        "3gp7",
        "3gp8",
        "3gp9",
        "3g2a",
        "3g2b",
        "3g2c",
        "dby1",
        "db1p",
        "Opus",
        "piff",
        "mif1",
        "mif2",
        "miaf",
        "avif",
        "avio",
        "avis",
        "MA1A",
        "MA1B",
        "1pic",
        "heic",
        "heix",
        "geo1",
        "pred",
    ];

    /// <param name="file">The file.</param>
    /// <param name="type">Its <c>ftyp</c>.</param>
    /// <param name="general">Brand to write when the main brand is unknown.</param>
    /// <param name="edits">Edits of the file.</param>
    public static void Clean(FileBytes file, IsoBox type, string general, FileEdits edits)
    {
        var main = type.Size >= 4 && Known.Contains(file.FourCc(type.Payload)) ? file.FourCc(type.Payload) : general;
        var at = type.Payload;
        for (; at + 4 <= type.End; at += 4)
        {
            // The second field is a version.
            if (at == type.Payload + 4 || Known.Contains(file.FourCc(at)))
                continue;
            edits.Overwrite(at, System.Text.Encoding.Latin1.GetBytes(main));
        }
        edits.Zero(at, type.End);
    }
}
