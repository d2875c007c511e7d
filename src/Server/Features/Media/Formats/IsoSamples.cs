namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Finds the samples of one track in the file, from the tables in its header.</summary>
internal static class IsoSamples
{
    /// <param name="boxes">Boxes of the file.</param>
    /// <param name="media">The <c>mdia</c> box of the track.</param>
    /// <param name="extents">Receives a part for each chunk.</param>
    /// <exception cref="MediaRefusedException">A table is shorter than it states.</exception>
    public static void Find(IsoBoxes boxes, IsoBox media, IsoExtents extents)
    {
        if (
            boxes.Find(media, "minf") is not { } information
            || boxes.Find(information, "stbl") is not { } table
            || boxes.Find(table, "stsc") is not { } runs
        )
            return;
        var wide = boxes.Find(table, "co64");
        if ((wide ?? boxes.Find(table, "stco")) is not { } chunks)
            return;

        // Three tables are read in step. Each needs its own window, or every entry would cost a read.
        using var runBytes = boxes.File.Beside();
        using var chunkBytes = boxes.File.Beside();
        using var sizeBytes = boxes.File.Beside();
        if (IsoSampleSizes.Read(boxes, table, sizeBytes) is not { } sizes)
            return;
        var runCount = Count(boxes, runs, 4, 12);
        var chunkCount = Count(boxes, chunks, 4, wide is null ? 4 : 8);

        for (uint chunk = 0, run = 0; chunk < chunkCount && run < runCount && !sizes.AtEnd; chunk++)
        {
            // A run lasts until the first chunk of the next run, counted from 1.
            if (run + 1 < runCount && runBytes.U32(runs.Payload + 8 + (run + 1) * 12L) <= chunk + 1)
                run++;
            var samples = runBytes.U32(runs.Payload + 8 + run * 12L + 4);
            var at = wide is null
                ? chunkBytes.U32(chunks.Payload + 8 + chunk * 4L)
                : (long)Math.Min(chunkBytes.U64(chunks.Payload + 8 + chunk * 8L), long.MaxValue / 2);
            extents.Add(at, sizes.TakeBytes(samples));
        }
    }

    /// <summary>The number of entries that a table states, after checking that it has them.</summary>
    public static uint Count(IsoBoxes boxes, IsoBox box, int at, int entryBytes)
    {
        boxes.Need(box, at + 4);
        var count = boxes.File.U32(box.Payload + at);
        boxes.Need(box, at + 4 + (long)count * entryBytes);
        return count;
    }
}
