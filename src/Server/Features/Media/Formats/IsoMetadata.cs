namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Erases everything in an MP4 or QuickTime file but what plays. Nothing moves, because the sample tables contain offsets.</summary>
internal static class IsoMetadata
{
    // Any other box becomes 'free': user data, 'meta', XMP in 'uuid', events, and dash cameras' boxes with positions.
    private static readonly HashSet<string> KeptAtTop = ["ftyp", "moov", "mdat", "moof"];
    private static readonly HashSet<string> KeptInMovie = ["mvhd", "trak", "mvex"];

    // If another box comes twice, players read only the first one, or some players do.
    private static readonly HashSet<string> Repeated = ["trak", "trex", "traf", "trun"];

    /// <param name="file">A file that was inspected.</param>
    /// <param name="edits">Edits of the file.</param>
    /// <param name="keepSubtitles">Whether to keep text tracks.</param>
    /// <exception cref="MediaRefusedException">The positions of its samples are unclear, or there are too many parts.</exception>
    public static void Find(FileBytes file, FileEdits edits, bool keepSubtitles)
    {
        var boxes = new IsoBoxes(file);
        var top = boxes.Top().ToList();
        var extents = new IsoExtents(file);
        var kept = new HashSet<uint>();
        var runs = new IsoRuns(boxes, kept, extents, edits);
        // The first header is the one that plays. Read the tracks first: fragments may precede the header.
        var movie = top.First(box => box.Type == "moov");
        var tracks = IsoKeptTracks.Find(boxes, movie, keepSubtitles);
        kept.UnionWith(tracks.Select(track => track.Id));
        foreach (var child in KeepOnly(boxes, movie, KeptInMovie, edits))
        {
            if (child.Type == "mvex")
                runs.ReadDefaults(child);
            if (child.Type != "trak")
                continue;
            if (tracks.Find(track => track.Box == child) is { } track)
                IsoTrackMetadata.Clean(boxes, track, kept, extents, edits);
            else
                Free(child, edits);
        }
        foreach (var box in top)
            if (box.Type == "moof")
                runs.Clean(box);
        if (extents.IsEmpty)
            throw file.Broken("none of its tracks has a sample");
        extents.Seal();
        var type = top.Find(box => box.Type == "ftyp");
        foreach (var box in top)
        {
            // Fragment indexes (mfra, sidx) only repeat what the fragments say.
            var isKept = KeptAtTop.Contains(box.Type) && (box.Type != "moov" || box == movie) && (box.Type != "ftyp" || box == type);
            if (isKept && box.Type == "ftyp")
                IsoBrands.Clean(file, box, "isom", edits);
            if (!isKept)
                Rename(box, edits);
            // A track's samples may be in any box, so keep them wherever they are.
            if (!isKept || box.Type == "mdat")
                extents.ZeroGaps(box.Payload, box.End, edits);
        }
        edits.Cut(boxes.TopEnd);
    }

    /// <summary>Turns a box into free space of the same length.</summary>
    public static void Free(IsoBox box, FileEdits edits)
    {
        Rename(box, edits);
        edits.Overwrite(box.Payload, [], box.Size);
    }

    /// <summary>Frees children that are not named and repeated ones that may occur once, and zeroes bytes after the last child.</summary>
    /// <returns>The children that stay.</returns>
    public static List<IsoBox> KeepOnly(IsoBoxes boxes, IsoBox parent, IReadOnlySet<string> names, FileEdits edits)
    {
        var kept = new List<IsoBox>();
        var seen = new HashSet<string>();
        var end = parent.Payload;
        foreach (var child in boxes.Children(parent))
        {
            end = child.End;
            if (!names.Contains(child.Type) || (!Repeated.Contains(child.Type) && !seen.Add(IsoLeaves.KeyOf(boxes, child))))
            {
                Free(child, edits);
                continue;
            }
            IsoLeaves.Clean(boxes, child, edits);
            kept.Add(child);
        }
        edits.Zero(end, parent.End);
        return kept;
    }

    private static void Rename(IsoBox box, FileEdits edits)
    {
        if (box.Type is not ("free" or "skip" or "wide"))
            edits.Overwrite(box.Offset + 4, [.. "free"u8]);
    }
}
