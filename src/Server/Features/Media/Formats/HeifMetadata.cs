namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Erases everything in an AVIF file but the shown image. Nothing moves, because the item locations are offsets.</summary>
internal static class HeifMetadata
{
    private const int HandlerHeader = 24,
        HandlerTypeAt = 8,
        HandlerTypeEnd = 12;

    private static readonly HashSet<string> KeptAtTop = ["ftyp", "meta", "mdat"];
    private static readonly HashSet<string> KeptInHeader = ["hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "idat"];

    public static void Find(FileBytes file, FileEdits edits)
    {
        var heif = Heif.Read(file);
        var shown = heif.Shown();
        var kept = shown.SelectMany(item => item.Extents).OrderBy(extent => extent.Offset).ToList();
        foreach (var box in heif.Top)
        {
            if (!KeptAtTop.Contains(box.Type) || (box.Type == "ftyp" && box != heif.Top[0]))
                IsoMetadata.Free(box, edits);
            else if (box.Type == "ftyp")
                IsoBrands.Clean(file, box, "avif", edits);
            else if (box.Type == "mdat")
                ZeroBetween(box, kept, edits);
        }
        var seen = new HashSet<string>();
        foreach (var part in heif.Parts)
        {
            if (!KeptInHeader.Contains(part.Type) || !seen.Add(part.Type))
                IsoMetadata.Free(part, edits);
            else if (part.Type == "idat")
                ZeroBetween(part, kept, edits);
            else if (part.Type == "hdlr")
                CleanHandler(part, edits);
        }
        foreach (var stray in heif.Strays)
            IsoMetadata.Free(stray, edits);
        foreach (var (from, to) in heif.Unread)
            edits.Zero(from, to);
        var used = shown.SelectMany(item => item.Properties).ToHashSet();
        foreach (var property in heif.Properties)
            CleanProperty(file, property, used.Contains(property), edits);
        var (ids, all) = (shown.Select(item => item.Id).ToHashSet(), heif.Items.Select(item => item.Id).ToHashSet());
        foreach (var reference in heif.References)
        {
            var isFollowed = reference.Type switch
            {
                "dimg" => ids.Contains(reference.From),
                "auxl" => ids.Contains(reference.From) && reference.To.Any(ids.Contains),
                _ => false,
            };
            if (!isFollowed || !reference.To.All(all.Contains))
                Forget(reference, heif.Primary.Id, edits);
        }
        foreach (var item in heif.Items)
            Anonymise(file, item, shown.Contains(item), edits);
        edits.Cut(heif.TopEnd);
    }

    private static void CleanHandler(IsoBox handler, FileEdits edits)
    {
        edits.Zero(handler.Payload, handler.Payload + Math.Min(HandlerTypeAt, handler.Size));
        edits.Zero(Math.Min(handler.Payload + HandlerTypeEnd, handler.End), handler.End);
    }

    /// <summary>Keeps what a decoder needs to show the image as intended. Dates and descriptions are properties too.</summary>
    private static void CleanProperty(FileBytes file, IsoBox property, bool isUsed, FileEdits edits)
    {
        var bytes = !isUsed
            ? -1
            : property.Type switch
            {
                "ispe" => 12,
                "pixi" when property.Size > 4 => 5L + file.U8(property.Payload + 4),
                "pasp" or "amve" => 8,
                "colr" => IsoCodecBoxes.CountColours(file, property),
                "irot" or "imir" or "a1op" => 1,
                "clap" => 32,
                "auxC" => IsoCodecBoxes.CountAuxiliary(file, property),
                "av1C" => Math.Min(property.Size, 4096),
                "a1lx" when property.Size > 0 => 1 + (3 * ((file.U8(property.Payload) & 1) == 0 ? 2 : 4)),
                "lsel" => 2,
                "clli" => 4,
                "mdcv" => 24,
                _ => -1,
            };
        if (bytes < 0)
            IsoMetadata.Free(property, edits);
        else
            edits.Zero(property.Payload + Math.Min(bytes, property.Size), property.End);
    }

    /// <summary>The numbers of a reference that no reader follows could hide data. Turns it into an unknown reference from the primary image to itself.</summary>
    private static void Forget(HeifReference reference, uint primary, FileEdits edits)
    {
        var number = new byte[reference.NumberBytes];
        for (var i = 0; i < number.Length; i++)
            number[^(i + 1)] = (byte)(primary >> (8 * i));
        edits.Overwrite(reference.Box.Offset + 4, [.. "free"u8]);
        edits.Overwrite(reference.Box.Payload, number);
        edits.Overwrite(
            reference.Box.Payload + number.Length + 2,
            [.. Enumerable.Repeat(number, reference.To.Count).SelectMany(bytes => bytes)]
        );
    }

    /// <summary>An item's name can be any text. An item that is not shown also gets an unknown type, so that no reader looks for its bytes.</summary>
    private static void Anonymise(FileBytes file, HeifItem item, bool isShown, FileEdits edits)
    {
        var type = item.Entry.Payload + (file.U8(item.Entry.Payload) == 3 ? 10 : 8);
        if (!isShown)
            edits.Overwrite(type, [.. "free"u8]);
        edits.Zero(type + 4, item.Entry.End);
    }

    private static void ZeroBetween(IsoBox box, List<HeifExtent> kept, FileEdits edits)
    {
        var at = box.Payload;
        foreach (var (offset, length) in kept)
        {
            if (offset > at)
                edits.Overwrite(at, [], Math.Min(offset, box.End) - at);
            at = Math.Max(at, offset + length);
            if (at >= box.End)
                return;
        }
        edits.Overwrite(at, [], box.End - at);
    }
}
