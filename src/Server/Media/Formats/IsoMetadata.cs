namespace StoriesCli.Server.Media.Formats;

/// <summary>Blots out what an MP4 or QuickTime file holds beside what plays. Nothing moves, since the sample tables hold offsets.</summary>
internal static class IsoMetadata
{
    // What is not here becomes 'free': user data, 'meta', XMP in 'uuid', events, and the boxes of dash cameras that hold positions.
    private static readonly HashSet<string> KeptAtTop = ["ftyp", "styp", "moov", "mdat", "moof", "mfra", "sidx", "ssix", "pdin"];
    private static readonly HashSet<string> KeptInMovie = ["mvhd", "trak", "mvex", "clip", "ctab"];

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
        foreach (var child in boxes.Children(movie)) CleanMovie(boxes, child, tracks, runs, extents, edits);
        foreach (var box in top)
            if (box.Type == "moof")
                runs.Clean(box);
        if (extents.IsEmpty) throw file.Broken("none of its tracks has a sample");
        extents.Seal();
        foreach (var box in top)
        {
            var isKept = KeptAtTop.Contains(box.Type) && (box.Type != "moov" || box == movie);
            if (!isKept) Rename(box, edits);
            // A track may have its samples in any box, so that those are kept wherever they are.
            if (!isKept || box.Type == "mdat") extents.ZeroGaps(box.Payload, box.End, edits);
        }
        edits.Cut(boxes.TopEnd);
    }

    /// <summary>Makes it empty space of the same length.</summary>
    public static void Free(IsoBox box, FileEdits edits)
    {
        Rename(box, edits);
        edits.Overwrite(box.Payload, [], box.Size);
    }

    /// <summary>Frees the children that are not named.</summary>
    public static void FreeAllBut(IsoBoxes boxes, IsoBox parent, IReadOnlySet<string> kept, FileEdits edits)
    {
        foreach (var child in boxes.Children(parent))
            if (!kept.Contains(child.Type) || IsForeignGroup(boxes, child))
                Free(child, edits);
    }

    /// <summary>Whether it groups samples by something that no player needs: groups may describe anything.</summary>
    public static bool IsForeignGroup(IsoBoxes boxes, IsoBox box) =>
        box.Type is "sbgp" or "sgpd" && (box.Size < 8 || boxes.File.FourCc(box.Payload + 4) is not ("roll" or "prol" or "rap " or "sync" or "tele"));

    /// <summary>When it was made and changed: zero means unknown.</summary>
    public static void ClearTimes(IsoBoxes boxes, IsoBox box, FileEdits edits)
    {
        var bytes = 8 + 8 * IsoTracks.Version(boxes, box);
        boxes.Need(box, 4 + bytes);
        edits.Overwrite(box.Payload + 4, [], bytes);
    }

    private static void CleanMovie(IsoBoxes boxes, IsoBox box, List<IsoTrack> tracks, IsoRuns runs, IsoExtents extents, FileEdits edits)
    {
        if (box.Type == "mvhd") ClearTimes(boxes, box, edits);
        if (box.Type == "mvex") runs.ReadDefaults(box);
        if (tracks.Find(track => track.Box == box) is { } kept)
            IsoTrackMetadata.Clean(boxes, kept, extents, edits);
        else if (box.Type == "trak" || !KeptInMovie.Contains(box.Type))
            Free(box, edits);
    }

    private static void Rename(IsoBox box, FileEdits edits)
    {
        if (box.Type is not ("free" or "skip" or "wide")) edits.Overwrite(box.Offset + 4, [.. "free"u8]);
    }
}
