namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Processes the fragments of a file: finds the samples of kept tracks, and removes the rest of the fragments.</summary>
internal sealed class IsoRuns(IsoBoxes boxes, IReadOnlySet<uint> kept, IsoExtents extents, FileEdits edits)
{
    private const uint BaseInHeader = 0x01,
        DescriptionInHeader = 0x02,
        DurationInHeader = 0x08,
        SizeInHeader = 0x10,
        BaseIsFragment = 0x020000;
    private const uint OffsetInRun = 0x01,
        FlagsInRun = 0x04,
        SizeInRun = 0x200;

    private static readonly HashSet<string> KeptInExtension = ["mehd", "trex"];
    private static readonly HashSet<string> KeptInFragment = ["mfhd", "traf"];
    private static readonly HashSet<string> KeptInPart = ["tfhd", "tfdt", "trun", "sbgp", "sgpd"];

    private readonly Dictionary<uint, uint> _sizes = [];

    /// <summary>Reads the default sample sizes, which apply unless a fragment states others.</summary>
    /// <param name="extends">The <c>mvex</c> box of the movie.</param>
    public void ReadDefaults(IsoBox extends)
    {
        foreach (var box in IsoMetadata.KeepOnly(boxes, extends, KeptInExtension, edits))
        {
            if (box.Type != "trex")
                continue;
            boxes.Need(box, 24);
            var track = boxes.File.U32(box.Payload + 4);
            var isSecond = !_sizes.TryAdd(track, boxes.File.U32(box.Payload + 16));
            if (isSecond || !kept.Contains(track))
                IsoMetadata.Free(box, edits);
        }
    }

    /// <param name="fragment">A <c>moof</c> box.</param>
    public void Clean(IsoBox fragment)
    {
        // When a run does not state where its data begins, it follows the data of the previous run.
        var next = fragment.Offset;
        foreach (var part in IsoMetadata.KeepOnly(boxes, fragment, KeptInFragment, edits))
        {
            if (part.Type == "traf")
                next = CleanPart(fragment, part, next);
        }
    }

    private long CleanPart(IsoBox fragment, IsoBox part, long next)
    {
        if (boxes.Find(part, "tfhd") is not { } header)
            throw boxes.File.Broken("one of its fragments has no header");
        boxes.Need(header, 8);
        uint flags = boxes.File.U32(header.Payload),
            track = boxes.File.U32(header.Payload + 4);
        var start =
            (flags & BaseInHeader) != 0 ? ReadBase(header)
            : (flags & BaseIsFragment) != 0 ? fragment.Offset
            : next;
        var each = ReadSize(header, flags) ?? _sizes.GetValueOrDefault(track);
        var isKept = kept.Contains(track);
        next = start;
        foreach (var box in boxes.Children(part))
            if (box.Type == "trun")
                next = AddRun(box, start, next, each, isKept);
        if (isKept)
            IsoMetadata.KeepOnly(boxes, part, KeptInPart, edits);
        else
            IsoMetadata.Free(part, edits);
        return next;
    }

    private long ReadBase(IsoBox header)
    {
        boxes.Need(header, 16);
        return (long)Math.Min(boxes.File.U64(header.Payload + 8), long.MaxValue / 4);
    }

    private uint? ReadSize(IsoBox header, uint flags)
    {
        if ((flags & SizeInHeader) == 0)
            return null;
        var at =
            8
            + ((flags & BaseInHeader) != 0 ? 8 : 0)
            + ((flags & DescriptionInHeader) != 0 ? 4 : 0)
            + ((flags & DurationInHeader) != 0 ? 4 : 0);
        boxes.Need(header, at + 4);
        return boxes.File.U32(header.Payload + at);
    }

    /// <summary>Returns the end of the run's data.</summary>
    private long AddRun(IsoBox run, long start, long next, uint each, bool isKept)
    {
        boxes.Need(run, 8);
        uint flags = boxes.File.U32(run.Payload),
            count = boxes.File.U32(run.Payload + 4);
        var at = 8;
        if ((flags & OffsetInRun) != 0)
        {
            boxes.Need(run, 12);
            next = start + (int)boxes.File.U32(run.Payload + at);
            at += 4;
        }
        if ((flags & FlagsInRun) != 0)
            at += 4;
        var bytes = (flags & SizeInRun) != 0 ? SumSizes(run, flags, at, count) : (long)Math.Min((ulong)each * count, long.MaxValue / 4);
        if (isKept)
            extents.Add(next, bytes);
        return Math.Min(next + bytes, long.MaxValue / 4);
    }

    private long SumSizes(IsoBox run, uint flags, int at, uint count)
    {
        var before = (flags & 0x100) != 0 ? 4 : 0;
        var step = 4 + before + ((flags & 0x400) != 0 ? 4 : 0) + ((flags & 0x800) != 0 ? 4 : 0);
        boxes.Need(run, at + (long)count * step);
        long sum = 0;
        for (uint i = 0; i < count; i++)
            sum += boxes.File.U32(run.Payload + at + before + (long)i * step);
        return sum;
    }
}
