namespace StoriesCli.Server.Media.Formats;

/// <summary>Blots out what an MP4 or QuickTime file holds beside picture, sound and text. Nothing moves, since the sample tables hold offsets.</summary>
internal static class IsoMetadata
{
    // What is not here becomes 'free': user data, 'meta', XMP in 'uuid', and the boxes of dash cameras that hold positions.
    private static readonly HashSet<string> KeptAtTop =
        ["ftyp", "styp", "moov", "mdat", "moof", "mfra", "sidx", "ssix", "pdin", "emsg"];

    private static readonly HashSet<string> KeptInMovie = ["mvhd", "trak", "mvex", "iods", "pssh", "clip", "ctab"];

    private static readonly HashSet<string> KeptInTrack =
        ["tkhd", "mdia", "edts", "tref", "tapt", "clip", "matt", "load", "imap", "txas", "trgr"];

    private static readonly HashSet<string> KeptTracks =
        ["vide", "soun", "auxv", "pict", "text", "sbtl", "subt", "subp", "clcp", "tmcd"];

    public static void Find(FileBytes file, FileEdits edits)
    {
        var boxes = new IsoBoxes(file);
        var top = boxes.Top().ToList();
        foreach (var box in top)
        {
            if (!KeptAtTop.Contains(box.Type)) Free(box, edits);
            if (box.Type != "moov") continue;
            foreach (var child in boxes.Children(box))
                CleanMovie(boxes, child, top, edits);
        }
    }

    private static void CleanMovie(IsoBoxes boxes, IsoBox box, List<IsoBox> top, FileEdits edits)
    {
        if (!KeptInMovie.Contains(box.Type)) Free(box, edits);
        if (box.Type == "mvhd") ClearTimes(boxes, box, edits);
        if (box.Type != "trak") return;
        if (boxes.Find(box, "mdia") is not { } media || boxes.Find(media, "hdlr") is not { } handler) throw boxes.File.Broken("one of its tracks has no header");
        boxes.Need(handler, 12);
        if (!KeptTracks.Contains(boxes.File.FourCc(handler.Payload + 8)))
        {
            // Action cameras and telephones write positions as a track of its own.
            foreach (var (at, count) in IsoSamples.Find(boxes, media))
                if (top.Any(b => b.Type == "mdat" && at >= b.Payload && at + count <= b.End))
                    edits.Overwrite(at, [], count);
            Free(box, edits);
            return;
        }
        foreach (var child in boxes.Children(box))
        {
            if (!KeptInTrack.Contains(child.Type)) Free(child, edits);
            if (child.Type == "tkhd") ClearTimes(boxes, child, edits);
        }
        if (boxes.Find(media, "mdhd") is { } times) ClearTimes(boxes, times, edits);
        foreach (var child in boxes.Children(media))
            if (child.Type is "udta" or "meta" or "uuid")
                Free(child, edits);
    }

    private static void Free(IsoBox box, FileEdits edits)
    {
        if (box.Type is not ("free" or "skip" or "wide")) edits.Overwrite(box.Offset + 4, [.. "free"u8]);
        edits.Overwrite(box.Payload, [], box.Size);
    }

    /// <summary>When it was made and changed: zero means unknown.</summary>
    private static void ClearTimes(IsoBoxes boxes, IsoBox box, FileEdits edits)
    {
        var bytes = 8 + 8 * IsoTracks.Version(boxes, box);
        boxes.Need(box, 4 + bytes);
        edits.Overwrite(box.Payload + 4, [], bytes);
    }
}
