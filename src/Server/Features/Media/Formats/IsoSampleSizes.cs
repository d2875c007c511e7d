namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Sizes of a track's samples, in order: from <c>stsz</c> or <c>stz2</c>, or from the sound description when the table states only 1.</summary>
internal sealed class IsoSampleSizes
{
    private readonly FileBytes _bytes;
    private readonly long _table;
    private readonly int _bits;
    private readonly uint _each;
    private readonly long _count;
    private (uint Samples, uint Bytes) _packet;
    private long _next;

    private IsoSampleSizes(FileBytes bytes, long table, int bits, uint each, long count) =>
        (_bytes, _table, _bits, _each, _count) = (bytes, table, bits, each, count);

    /// <summary>Whether no sample is left. When all samples have one size, their number is ignored, as players ignore it.</summary>
    public bool AtEnd => _each == 0 && _next >= _count;

    /// <param name="boxes">Boxes of the file.</param>
    /// <param name="table">The <c>stbl</c> box of the track.</param>
    /// <param name="bytes">A window for this table alone.</param>
    /// <returns>Null when the track has no such table.</returns>
    public static IsoSampleSizes? Read(IsoBoxes boxes, IsoBox table, FileBytes bytes)
    {
        if (boxes.Find(table, "stsz") is { } sizes)
        {
            boxes.Need(sizes, 12);
            var each = boxes.File.U32(sizes.Payload + 4);
            var count = each == 0 ? IsoSamples.Count(boxes, sizes, 8, 4) : boxes.File.U32(sizes.Payload + 8);
            return new(bytes, sizes.Payload + 12, 32, each, count) { _packet = each == 0 ? default : ReadPacket(boxes, table) };
        }
        if (boxes.Find(table, "stz2") is not { } compact)
            return null;
        boxes.Need(compact, 12);
        int bits = boxes.File.U8(compact.Payload + 7);
        if (bits is not (4 or 8 or 16))
            throw boxes.File.Broken($"its sample sizes have {bits} bits");
        var stated = boxes.File.U32(compact.Payload + 8);
        boxes.Need(compact, 12 + ((long)stated * bits + 7) / 8);
        return new(bytes, compact.Payload + 12, bits, 0, stated);
    }

    /// <summary>Total size of the next samples, in bytes.</summary>
    public long TakeBytes(uint samples)
    {
        if (_each != 0)
        {
            var bytes = (ulong)_each * samples;
            if (_packet.Samples > 0)
                bytes = Math.Max(bytes, ((ulong)samples + _packet.Samples - 1) / _packet.Samples * _packet.Bytes);
            return (long)Math.Min(bytes, long.MaxValue / 2);
        }
        long sum = 0;
        for (var last = Math.Min(_next + samples, _count); _next < last; _next++)
            sum += SizeOf(_next);
        return sum;
    }

    private uint SizeOf(long sample) =>
        _bits switch
        {
            32 => _bytes.U32(_table + sample * 4),
            16 => _bytes.U16(_table + sample * 2),
            8 => _bytes.U8(_table + sample),
            _ => (uint)(_bytes.U8(_table + sample / 2) >> (sample % 2 == 0 ? 4 : 0) & 0xF),
        };

    /// <summary>Bytes per number of sound samples, from the first description; zeros when it is not sound, or compressed with a size for each sample.</summary>
    private static (uint Samples, uint Bytes) ReadPacket(IsoBoxes boxes, IsoBox table)
    {
        var file = boxes.File;
        if (boxes.Find(table, "stsd") is not { } descriptions || descriptions.Size < 8 + 36)
            return default;
        var entry = descriptions.Payload + 8;
        uint version = file.U16(entry + 16),
            channels = file.U16(entry + 24),
            bits = file.U16(entry + 26);
        if (version == 1 && descriptions.Size >= 8 + 52 && file.U32(entry + 36) is > 0 and var samples)
            return (samples, file.U32(entry + 44));
        return file.FourCc(entry + 4) switch
        {
            "raw " or "twos" or "sowt" or "NONE" or "\0\0\0\0" => (1, channels * ((bits + 7) / 8)),
            "in24" => (1, channels * 3),
            "in32" or "fl32" => (1, channels * 4),
            "fl64" => (1, channels * 8),
            "ulaw" or "alaw" => (1, channels),
            "ima4" => (64, channels * 34),
            "MAC3" => (6, channels * 2),
            "MAC6" => (6, channels),
            "agsm" => (160, 33),
            _ => default,
        };
    }
}
