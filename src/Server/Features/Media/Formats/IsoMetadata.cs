namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Blots out what an MP4 or QuickTime file holds beside what plays. Nothing moves, since the sample tables hold offsets.</summary>
internal static class IsoMetadata
{
    // What is not here becomes 'free': user data, 'meta', XMP in 'uuid', events, and the boxes of dash cameras that hold positions.
    private static readonly HashSet<string> KeptAtTop = ["ftyp", "moov", "mdat", "moof"];
    private static readonly HashSet<string> KeptInMovie = ["mvhd", "trak", "mvex"];

    // Of all others a second one is read by no player, or by some only.
    private static readonly HashSet<string> Repeated = ["trak", "trex", "traf", "trun"];

    /// <param name="file">One that has been inspected.</param>
    /// <param name="edits">Of the file.</param>
    /// <param name="keepSubtitles">Whether tracks of text stay.</param>
    /// <exception cref="MediaRefusedException">Where its samples are cannot be told, or there are too many parts.</exception>
    public static void Find(FileBytes file, FileEdits edits, bool keepSubtitles)
    {
        var boxes = new IsoBoxes(file);
        var top = boxes.Top().ToList();
        var extents = new IsoExtents(file);
        var kept = new HashSet<uint>();
        var runs = new IsoRuns(boxes, kept, extents, edits);
        // The first header is the one that plays; the tracks come first, for fragments may stand before it.
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
            // Indexes of fragments (mfra, sidx) tell only what the fragments tell too.
            var isKept = KeptAtTop.Contains(box.Type) && (box.Type != "moov" || box == movie) && (box.Type != "ftyp" || box == type);
            if (isKept && box.Type == "ftyp")
                IsoBrands.Clean(file, box, "isom", edits);
            if (!isKept)
                Rename(box, edits);
            // A track may have its samples in any box, so that those are kept wherever they are.
            if (!isKept || box.Type == "mdat")
                extents.ZeroGaps(box.Payload, box.End, edits);
        }
        edits.Cut(boxes.TopEnd);
    }

    /// <summary>Makes it empty space of the same length.</summary>
    public static void Free(IsoBox box, FileEdits edits)
    {
        Rename(box, edits);
        edits.Overwrite(box.Payload, [], box.Size);
    }

    /// <summary>Frees the children that are not named, seconds of what there is once, and zeroes what stands behind what the others say.</summary>
    /// <returns>Those that stay.</returns>
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
