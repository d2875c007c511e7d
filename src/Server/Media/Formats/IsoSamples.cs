namespace StoriesCli.Server.Media.Formats;

/// <summary>Where in the file the samples of one track are.</summary>
internal static class IsoSamples
{
    private const int Most = 200_000;

    public static List<(long Offset, long Bytes)> Find(IsoBoxes boxes, IsoBox media)
    {
        var found = new List<(long, long)>();
        if (boxes.Find(media, "minf") is not { } information || boxes.Find(information, "stbl") is not { } table
            || boxes.Find(table, "stsc") is not { } runs || boxes.Find(table, "stsz") is not { } sizes) return found;
        var wide = boxes.Find(table, "co64");
        if ((wide ?? boxes.Find(table, "stco")) is not { } chunks) return found;

        var file = boxes.File;
        var runCount = Count(boxes, runs, 4, 12);
        var chunkCount = Count(boxes, chunks, 4, wide is null ? 4 : 8);
        boxes.Need(sizes, 12);
        var each = file.U32(sizes.Payload + 4);
        long sampleCount = each == 0 ? Count(boxes, sizes, 8, 4) : file.U32(sizes.Payload + 8);

        long sample = 0;
        for (uint chunk = 0, run = 0; chunk < chunkCount && run < runCount && sample < sampleCount; chunk++)
        {
            // A run goes on until the chunk with which the next one begins, counted from one.
            if (run + 1 < runCount && file.U32(runs.Payload + 8 + (run + 1) * 12L) <= chunk + 1) run++;
            var samples = Math.Min(file.U32(runs.Payload + 8 + run * 12L + 4), sampleCount - sample);
            var at = wide is null ? file.U32(chunks.Payload + 8 + chunk * 4L) : (long)Math.Min(file.U64(chunks.Payload + 8 + chunk * 8L), long.MaxValue / 2);
            long bytes = 0;
            if (each != 0) bytes = each * samples;
            else
                for (var i = 0; i < samples; i++)
                    bytes += file.U32(sizes.Payload + 12 + (sample + i) * 4);
            sample += samples;
            if (found.Count == Most) throw file.Broken($"one of its tracks has more than {Most} parts");
            found.Add((at, bytes));
        }
        return found;
    }

    private static uint Count(IsoBoxes boxes, IsoBox box, int at, int entryBytes)
    {
        boxes.Need(box, at + 4);
        var count = boxes.File.U32(box.Payload + at);
        boxes.Need(box, at + 4 + (long)count * entryBytes);
        return count;
    }
}
