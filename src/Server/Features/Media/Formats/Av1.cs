namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Reads the largest possible frame from AV1 data, by section 5.5 of its specification.</summary>
internal static class Av1
{
    private const int SequenceHeader = 1,
        MostUnits = 10_000;

    /// <summary>The maximum over all sequence headers in an item's data.</summary>
    public static (int Width, int Height) LargestFrame(Heif heif, HeifItem item)
    {
        var (width, height) = (0, 0);
        long at = 0;
        for (var units = 0; heif.ByteOf(item, at) is { } header; units++)
        {
            if (units == MostUnits || (header & 0x80) != 0)
                throw heif.File.Broken("its coded data are no AV1");
            at += (header & 4) != 0 ? 2 : 1;
            // A unit without a length extends to the end of the data.
            var length = (header & 2) != 0 ? ReadLength(heif, item, ref at) : long.MaxValue;
            if ((header >> 3 & 15) == SequenceHeader)
            {
                var frame = ReadSequence(new Bits(heif, item, at));
                (width, height) = (Math.Max(width, frame.Width), Math.Max(height, frame.Height));
            }
            if (length == long.MaxValue)
                break;
            at += length;
        }
        return width > 0 ? (width, height) : throw heif.File.Broken("its coded data have no header");
    }

    private static long ReadLength(Heif heif, HeifItem item, ref long at)
    {
        var value = 0L;
        for (var i = 0; i < 8; i++)
        {
            var b = heif.ByteOf(item, at++) ?? throw heif.File.CutOff();
            value |= (long)(b & 0x7F) << (7 * i);
            if ((b & 0x80) == 0)
                return value;
        }
        throw heif.File.Broken("its coded data are no AV1");
    }

    private static (int Width, int Height) ReadSequence(Bits bits)
    {
        bits.Read(3 + 1);
        if (bits.Read(1) == 1)
            bits.Read(5);
        else
            SkipOperatingPoints(bits);
        var (acrossBits, downBits) = ((int)bits.Read(4) + 1, (int)bits.Read(4) + 1);
        return ((int)bits.Read(acrossBits) + 1, (int)bits.Read(downBits) + 1);
    }

    private static void SkipOperatingPoints(Bits bits)
    {
        var delayBits = 0;
        if (bits.Read(1) == 1)
        {
            bits.Read(32);
            bits.Read(32);
            if (bits.Read(1) == 1)
                bits.SkipVariable();
            if (bits.Read(1) == 1)
            {
                delayBits = (int)bits.Read(5) + 1;
                bits.Read(32);
                bits.Read(5 + 5);
            }
        }
        var hasDelays = bits.Read(1) == 1;
        for (var points = bits.Read(5) + 1; points > 0; points--)
        {
            bits.Read(12);
            if (bits.Read(5) > 7)
                bits.Read(1);
            if (delayBits > 0 && bits.Read(1) == 1)
            {
                bits.Read(delayBits);
                bits.Read(delayBits);
                bits.Read(1);
            }
            if (hasDelays && bits.Read(1) == 1)
                bits.Read(4);
        }
    }

    private sealed class Bits(Heif heif, HeifItem item, long at)
    {
        private long _bit = at * 8;

        public uint Read(int count)
        {
            var value = 0U;
            for (; count > 0; count--, _bit++)
            {
                var b = heif.ByteOf(item, _bit / 8) ?? throw heif.File.CutOff();
                value = value << 1 | (uint)(b >> (int)(7 - (_bit % 8)) & 1);
            }
            return value;
        }

        public void SkipVariable()
        {
            var zeros = 0;
            while (zeros < 32 && Read(1) == 0)
                zeros++;
            if (zeros < 32)
                Read(zeros);
        }
    }
}
