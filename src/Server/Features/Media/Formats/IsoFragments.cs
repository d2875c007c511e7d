namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Adds up the fragments of a file whose header does not mention them.</summary>
internal static class IsoFragments
{
    private const uint DefaultDurationInHeader = 0x08,
        DurationInRun = 0x100;

    public static long? DurationMs(IsoBoxes boxes, IsoBox movie, List<IsoTrack> tracks)
    {
        if (boxes.Find(movie, "mvex") is not { } extends)
            return null;
        var defaults = ReadDefaults(boxes, extends);
        var ends = new Dictionary<uint, ulong>();
        foreach (var fragment in boxes.Top())
        {
            if (fragment.Type != "moof")
                continue;
            foreach (var part in boxes.Children(fragment))
                if (part.Type == "traf")
                    AddPart(boxes, part, defaults, ends);
        }
        long? longest = null;
        foreach (var track in tracks)
            if (track.Timescale > 0 && track.Handler is "vide" or "soun" && ends.TryGetValue(track.Id, out var end))
                longest = Math.Max(longest ?? 0, IsoTracks.ToMilliseconds(end, Math.Max(track.Timescale, 1)));
        return longest;
    }

    private static Dictionary<uint, uint> ReadDefaults(IsoBoxes boxes, IsoBox extends)
    {
        var defaults = new Dictionary<uint, uint>();
        foreach (var box in boxes.Children(extends))
        {
            if (box.Type != "trex")
                continue;
            boxes.Need(box, 24);
            defaults[boxes.File.U32(box.Payload + 4)] = boxes.File.U32(box.Payload + 12);
        }
        return defaults;
    }

    private static void AddPart(IsoBoxes boxes, IsoBox part, Dictionary<uint, uint> defaults, Dictionary<uint, ulong> ends)
    {
        if (boxes.Find(part, "tfhd") is not { } header)
            throw boxes.File.Broken("one of its fragments has no header");
        boxes.Need(header, 8);
        var track = boxes.File.U32(header.Payload + 4);
        var each = DefaultDuration(boxes, header) ?? defaults.GetValueOrDefault(track);
        var end = ends.GetValueOrDefault(track);
        if (boxes.Find(part, "tfdt") is { } start)
        {
            boxes.Need(start, 8 + 4 * IsoTracks.Version(boxes, start));
            end = IsoTracks.Version(boxes, start) == 1 ? boxes.File.U64(start.Payload + 4) : boxes.File.U32(start.Payload + 4);
        }
        foreach (var run in boxes.Children(part))
            if (run.Type == "trun")
                end = Sum(end, RunDuration(boxes, run, each));
        ends[track] = Math.Max(end, ends.GetValueOrDefault(track));
    }

    private static uint? DefaultDuration(IsoBoxes boxes, IsoBox header)
    {
        var flags = boxes.File.U32(header.Payload);
        if ((flags & DefaultDurationInHeader) == 0)
            return null;
        var at = 8 + ((flags & 1) != 0 ? 8 : 0) + ((flags & 2) != 0 ? 4 : 0);
        boxes.Need(header, at + 4);
        return boxes.File.U32(header.Payload + at);
    }

    private static ulong RunDuration(IsoBoxes boxes, IsoBox run, uint each)
    {
        boxes.Need(run, 8);
        var flags = boxes.File.U32(run.Payload);
        var count = boxes.File.U32(run.Payload + 4);
        if ((flags & DurationInRun) == 0)
            return (ulong)count * each;
        var at = 8 + ((flags & 1) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 4 : 0);
        var step = 4 * (1 + ((flags & 0x200) != 0 ? 1 : 0) + ((flags & 0x400) != 0 ? 1 : 0) + ((flags & 0x800) != 0 ? 1 : 0));
        boxes.Need(run, at + (long)count * step);
        ulong sum = 0;
        for (uint i = 0; i < count; i++)
            sum += boxes.File.U32(run.Payload + at + (long)i * step);
        return sum;
    }

    private static ulong Sum(ulong a, ulong b) => a > ulong.MaxValue - b ? ulong.MaxValue : a + b;
}
