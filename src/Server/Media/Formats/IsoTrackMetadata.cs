namespace StoriesCli.Server.Media.Formats;

/// <summary>Cleans a track that stays, and says where its samples are.</summary>
internal static class IsoTrackMetadata
{
    // In handler boxes what comes after the type is the maker's: its mark, flags, and a name.
    private const int HandlerBytes = 12;

    private static readonly HashSet<string> KeptInTrack = ["tkhd", "mdia", "edts", "tref", "tapt", "clip", "matt", "load", "trgr"];
    private static readonly HashSet<string> KeptReferences = ["auxl", "vdep", "vplx", "subt", "fall", "scal", "sbas", "tbas"];
    private static readonly HashSet<string> KeptInMedia = ["mdhd", "hdlr", "minf", "elng"];
    private static readonly HashSet<string> KeptInInformation = ["vmhd", "smhd", "sthd", "nmhd", "gmhd", "hdlr", "dinf", "stbl"];
    private static readonly HashSet<string> KeptInGeneric = ["gmin", "text"];

    private static readonly HashSet<string> KeptInTable =
        ["stsd", "stts", "ctts", "cslg", "stss", "stps", "stsh", "stsc", "stsz", "stz2", "stco", "co64", "sdtp", "stdp", "padb", "subs", "sbgp", "sgpd"];

    /// <exception cref="MediaRefusedException">Something in it is too short, or its samples are in another file.</exception>
    public static void Clean(IsoBoxes boxes, IsoTrack track, IsoExtents extents, FileEdits edits)
    {
        IsoMetadata.FreeAllBut(boxes, track.Box, KeptInTrack, edits);
        foreach (var box in boxes.Children(track.Box))
        {
            if (box.Type == "tkhd") IsoMetadata.ClearTimes(boxes, box, edits);
            if (box.Type == "tref") IsoMetadata.FreeAllBut(boxes, box, KeptReferences, edits);
            if (box.Type == "mdia") CleanMedia(boxes, box, track.Handler, edits);
        }
        if (boxes.Find(track.Box, "mdia") is { } media) IsoSamples.Find(boxes, media, extents);
    }

    private static void CleanMedia(IsoBoxes boxes, IsoBox media, string handler, FileEdits edits)
    {
        IsoMetadata.FreeAllBut(boxes, media, KeptInMedia, edits);
        foreach (var box in boxes.Children(media))
        {
            if (box.Type == "mdhd") IsoMetadata.ClearTimes(boxes, box, edits);
            if (box.Type == "hdlr") ClearMaker(boxes, box, edits);
            if (box.Type == "minf") CleanInformation(boxes, box, handler, edits);
        }
    }

    private static void CleanInformation(IsoBoxes boxes, IsoBox information, string handler, FileEdits edits)
    {
        IsoMetadata.FreeAllBut(boxes, information, KeptInInformation, edits);
        foreach (var box in boxes.Children(information))
        {
            if (box.Type == "hdlr") ClearMaker(boxes, box, edits);
            if (box.Type == "gmhd") IsoMetadata.FreeAllBut(boxes, box, KeptInGeneric, edits);
            if (box.Type == "dinf") CleanSources(boxes, box, edits);
            if (box.Type != "stbl") continue;
            IsoMetadata.FreeAllBut(boxes, box, KeptInTable, edits);
            foreach (var table in boxes.Children(box))
                if (table.Type == "stsd")
                    IsoDescriptions.Clean(boxes, table, handler, edits);
        }
    }

    private static void ClearMaker(IsoBoxes boxes, IsoBox handler, FileEdits edits)
    {
        boxes.Need(handler, HandlerBytes);
        edits.Overwrite(handler.Payload + HandlerBytes, [], handler.Size - HandlerBytes);
    }

    /// <summary>Names of volumes and folders may stand where a track says in which file its samples are.</summary>
    private static void CleanSources(IsoBoxes boxes, IsoBox information, FileEdits edits)
    {
        foreach (var references in boxes.Children(information))
        {
            if (references.Type != "dref")
            {
                IsoMetadata.Free(references, edits);
                continue;
            }
            boxes.Need(references, 8);
            foreach (var reference in boxes.Children(references, skip: 8))
            {
                boxes.Need(reference, 4);
                if ((boxes.File.U32(reference.Payload) & 1) == 0) throw boxes.File.Broken("one of its tracks is in another file");
                edits.Overwrite(reference.Payload + 4, [], reference.Size - 4);
            }
        }
    }
}
