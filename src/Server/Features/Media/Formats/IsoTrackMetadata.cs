namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Cleans a kept track, and finds its samples.</summary>
internal static class IsoTrackMetadata
{
    // In handler boxes, the fields after the type belong to the maker: its mark, flags, and a name.
    private const int HandlerBytes = 12,
        MostReferences = 64;

    private static readonly HashSet<string> KeptInTrack = ["tkhd", "mdia", "edts", "tref", "tapt"];
    private static readonly HashSet<string> KeptEdits = ["elst"];
    private static readonly HashSet<string> KeptApertures = ["clef", "prof", "enof"];
    private static readonly HashSet<string> KeptSources = ["dref"];
    private static readonly HashSet<string> KeptReferences = ["auxl", "vdep", "vplx", "subt", "fall", "scal", "sbas", "tbas"];
    private static readonly HashSet<string> KeptInMedia = ["mdhd", "hdlr", "minf", "elng"];
    private static readonly HashSet<string> KeptInInformation = ["vmhd", "smhd", "sthd", "nmhd", "gmhd", "hdlr", "dinf", "stbl"];
    private static readonly HashSet<string> KeptInGeneric = ["gmin", "text"];

    private static readonly HashSet<string> KeptInTable =
    [
        "stsd",
        "stts",
        "ctts",
        "cslg",
        "stss",
        "stps",
        "stsc",
        "stsz",
        "stz2",
        "stco",
        "co64",
        "sbgp",
        "sgpd",
    ];

    /// <param name="boxes">Boxes of the file.</param>
    /// <param name="track">A kept track.</param>
    /// <param name="kept">Ids of all kept tracks.</param>
    /// <param name="extents">Receives the positions of its samples.</param>
    /// <param name="edits">Edits of the file.</param>
    /// <exception cref="MediaRefusedException">Something in it is too short, or its samples are in another file.</exception>
    public static void Clean(IsoBoxes boxes, IsoTrack track, IReadOnlySet<uint> kept, IsoExtents extents, FileEdits edits)
    {
        foreach (var box in IsoMetadata.KeepOnly(boxes, track.Box, KeptInTrack, edits))
        {
            if (box.Type == "edts")
                IsoMetadata.KeepOnly(boxes, box, KeptEdits, edits);
            if (box.Type == "tapt")
                IsoMetadata.KeepOnly(boxes, box, KeptApertures, edits);
            if (box.Type == "tref")
                CleanReferences(boxes, box, kept, edits);
            if (box.Type == "mdia")
                CleanMedia(boxes, box, track.Handler, edits);
        }
        if (boxes.Find(track.Box, "mdia") is { } media)
            IsoSamples.Find(boxes, media, extents);
    }

    /// <summary>Ids that belong to no track could hide data.</summary>
    private static void CleanReferences(IsoBoxes boxes, IsoBox references, IReadOnlySet<uint> kept, FileEdits edits)
    {
        foreach (var reference in IsoMetadata.KeepOnly(boxes, references, KeptReferences, edits))
        {
            var (at, isWhole) = (reference.Payload, reference.Size <= MostReferences * 4);
            for (; isWhole && at + 4 <= reference.End; at += 4)
                isWhole = kept.Contains(boxes.File.U32(at));
            if (isWhole)
                edits.Zero(at, reference.End);
            else
                IsoMetadata.Free(reference, edits);
        }
    }

    private static void CleanMedia(IsoBoxes boxes, IsoBox media, string handler, FileEdits edits)
    {
        foreach (var box in IsoMetadata.KeepOnly(boxes, media, KeptInMedia, edits))
        {
            if (box.Type == "hdlr")
                ClearMaker(boxes, box, edits);
            if (box.Type == "minf")
                CleanInformation(boxes, box, handler, edits);
        }
    }

    private static void CleanInformation(IsoBoxes boxes, IsoBox information, string handler, FileEdits edits)
    {
        foreach (var box in IsoMetadata.KeepOnly(boxes, information, KeptInInformation, edits))
        {
            if (box.Type == "hdlr")
                ClearMaker(boxes, box, edits);
            if (box.Type == "gmhd")
                IsoMetadata.KeepOnly(boxes, box, KeptInGeneric, edits);
            if (box.Type == "dinf")
                CleanSources(boxes, box, edits);
            if (box.Type != "stbl")
                continue;
            foreach (var table in IsoMetadata.KeepOnly(boxes, box, KeptInTable, edits))
                if (table.Type == "stsd")
                    IsoDescriptions.Clean(boxes, table, handler, edits);
        }
    }

    private static void ClearMaker(IsoBoxes boxes, IsoBox handler, FileEdits edits)
    {
        boxes.Need(handler, HandlerBytes);
        var isQuickTime = boxes.File.FourCc(handler.Payload + 4) is "mhlr" or "dhlr";
        if (!isQuickTime)
            edits.Overwrite(handler.Payload + 4, [], 4);
        edits.Zero(handler.Payload + HandlerBytes, handler.End);
    }

    /// <summary>Data references, which name the file of a track's samples, may contain names of volumes and folders.</summary>
    private static void CleanSources(IsoBoxes boxes, IsoBox information, FileEdits edits)
    {
        foreach (var references in IsoMetadata.KeepOnly(boxes, information, KeptSources, edits))
        {
            boxes.Need(references, 8);
            var end = references.Payload + 8;
            foreach (var reference in boxes.Children(references, skip: 8))
            {
                boxes.Need(reference, 4);
                var isKnown = reference.Type is "url " or "urn " or "alis" or "rsrc";
                if (isKnown && (boxes.File.U32(reference.Payload) & 1) == 0)
                    throw boxes.File.Broken("one of its tracks is in another file");
                // Replace an unknown kind of reference by one to this file.
                if (!isKnown)
                    edits.Overwrite(reference.Offset + 4, [.. "url "u8]);
                if (!isKnown)
                    edits.Overwrite(reference.Payload, [0, 0, 0, 1]);
                edits.Zero(reference.Payload + 4, reference.End);
                end = reference.End;
            }
            edits.Zero(end, references.End);
        }
    }
}
