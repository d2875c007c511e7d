namespace StoriesCli.Server.Media.Formats;

/// <summary>Blots out what an AVIF file holds beside its picture: only what is shown keeps its bytes. Nothing moves, since the items' places are offsets.</summary>
internal static class HeifMetadata
{
    private const int HandlerHeader = 24;

    private static readonly HashSet<string> KeptAtTop = ["ftyp", "meta", "mdat"];
    private static readonly HashSet<string> KeptInHeader = ["hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "idat", "dinf"];

    // What a decoder needs to show the picture as it was meant; dates and descriptions are properties too.
    private static readonly HashSet<string> KeptProperties =
        ["ispe", "pixi", "pasp", "colr", "irot", "imir", "clap", "auxC", "av1C", "a1op", "a1lx", "lsel", "clli", "mdcv", "cclv", "amve"];

    public static void Find(FileBytes file, FileEdits edits)
    {
        var heif = Heif.Read(file);
        var shown = Shown(heif);
        var kept = shown.SelectMany(item => item.Extents).OrderBy(extent => extent.Offset).ToList();
        foreach (var box in heif.Top)
        {
            if (!KeptAtTop.Contains(box.Type)) Free(box, edits);
            else if (box.Type == "mdat") ZeroBetween(box, kept, edits);
        }
        foreach (var part in heif.Parts)
        {
            if (!KeptInHeader.Contains(part.Type)) Free(part, edits);
            else if (part.Type == "idat") ZeroBetween(part, kept, edits);
            else if (part.Type == "hdlr" && part.Size > HandlerHeader) edits.Overwrite(part.Payload + HandlerHeader, [], part.Size - HandlerHeader);
        }
        foreach (var property in heif.Properties)
            if (!KeptProperties.Contains(property.Type))
                Free(property, edits);
        foreach (var item in heif.Items) Anonymise(file, item, shown.Contains(item), edits);
        var end = heif.Top[^1].End;
        edits.Overwrite(end, [], file.Length - end);
    }

    /// <summary>The picture, what it is made of, and its transparency. Thumbnails, gain maps and depths are told of nowhere.</summary>
    private static HashSet<HeifItem> Shown(Heif heif)
    {
        var shown = new HashSet<HeifItem>();
        var next = new Stack<HeifItem>([heif.Primary]);
        while (next.TryPop(out var item))
        {
            if (!shown.Add(item)) continue;
            foreach (var more in heif.TilesOf(item).Concat(heif.AlphaOf(item))) next.Push(more);
        }
        return shown;
    }

    /// <summary>An item's name is anything; one that is not shown is of no known type any longer, so that nobody looks for its bytes.</summary>
    private static void Anonymise(FileBytes file, HeifItem item, bool isShown, FileEdits edits)
    {
        var type = item.Entry.Payload + (file.U8(item.Entry.Payload) == 3 ? 10 : 8);
        if (!isShown) edits.Overwrite(type, [.. "free"u8]);
        edits.Overwrite(type + 4, [], item.Entry.End - type - 4);
    }

    private static void ZeroBetween(IsoBox box, List<HeifExtent> kept, FileEdits edits)
    {
        var at = box.Payload;
        foreach (var (offset, length) in kept)
        {
            if (offset > at) edits.Overwrite(at, [], Math.Min(offset, box.End) - at);
            at = Math.Max(at, offset + length);
            if (at >= box.End) return;
        }
        edits.Overwrite(at, [], box.End - at);
    }

    private static void Free(IsoBox box, FileEdits edits)
    {
        edits.Overwrite(box.Offset + 4, [.. "free"u8]);
        edits.Overwrite(box.Payload, [], box.Size);
    }
}
