namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Walks the contents of a WebM segment and finds how far its blocks reach. Handles clusters of unknown size too, as browsers record them.</summary>
internal sealed class WebMClusters(Ebml ebml)
{
    private const uint Cluster = 0x1F43B675,
        Timestamp = 0xE7,
        SimpleBlock = 0xA3,
        BlockGroup = 0xA0,
        Block = 0xA1;

    public bool Any { get; private set; }

    /// <summary>Called for each element within a cluster.</summary>
    public Action<EbmlElement>? Seen { get; init; }

    /// <summary>Tracks that play. Blocks of other tracks do not count.</summary>
    public HashSet<ulong> Playing { get; } = [];

    /// <summary>Timestamp of the last block of a playing track, in the segment's unit.</summary>
    public double LastTimestamp { get; private set; }

    public IEnumerable<EbmlElement> Level1(EbmlElement segment)
    {
        for (var at = segment.Payload; at < segment.End; )
        {
            var element = ebml.ReadElement(at, segment.End);
            if (element.Id == Cluster)
            {
                Any = true;
                at = ReadCluster(element);
                continue;
            }
            if (!element.KnownSize)
                throw ebml.File.Broken($"the element at byte {at} has no size");
            yield return element;
            at = element.End;
        }
    }

    private long ReadCluster(EbmlElement cluster)
    {
        ulong start = 0;
        for (var at = cluster.Payload; at < cluster.End; )
        {
            var child = ebml.ReadElement(at, cluster.End);
            // Ids of four bytes are those of the segment's own children.
            if (!cluster.KnownSize && child.Id > 0xFFFFFF)
                return at;
            if (!child.KnownSize)
                throw ebml.File.Broken($"the element at byte {at} has no size");
            Seen?.Invoke(child);
            if (child.Id == Timestamp)
                start = ebml.Number(child);
            else if (child.Id == SimpleBlock)
                See(start, child);
            else if (child.Id == BlockGroup)
                foreach (var block in ebml.Children(child).Where(b => b.Id == Block))
                    See(start, block);
            at = child.End;
        }
        return cluster.End;
    }

    private void See(ulong start, EbmlElement block)
    {
        if (block.Size < 4)
            throw ebml.File.Broken("one of its blocks is too short");
        var track = ebml.ReadTrackBytes(block.Payload);
        if (block.Size < track + 2)
            throw ebml.File.Broken("one of its blocks is too short");
        if (Playing.Contains(ebml.ReadTrackNumber(block.Payload)))
            LastTimestamp = Math.Max(LastTimestamp, (double)start + (short)ebml.File.U16(block.Payload + track));
    }
}
