namespace StoriesCli.Tui.Images;

/// <summary>A picture in at most 256 colours, which median cut chose: each box of colours is halved where its pixels are most spread.</summary>
/// <param name="Size">In pixels.</param>
/// <param name="Colours">Red, green and blue of each.</param>
/// <param name="Pixels">Each pixel's colour, row by row.</param>
internal sealed record Palette256(Box Size, byte[] Colours, byte[] Pixels)
{
    // Five bits of red, green and blue.
    private const int Bins = 1 << 15;

    public int Count => Colours.Length / 3;

    /// <param name="picture">In all its colours.</param>
    /// <param name="most">At most 256.</param>
    public static Palette256 Of(PixelBuffer picture, int most = SixelEncoder.ColoursMaximum)
    {
        var rgb = picture.Rgb;
        var counts = new int[Bins];
        var sums = new long[Bins * 3];
        for (var i = 0; i < rgb.Length; i += 3)
        {
            var bin = Bin(rgb, i);
            counts[bin]++;
            sums[bin * 3] += rgb[i];
            sums[bin * 3 + 1] += rgb[i + 1];
            sums[bin * 3 + 2] += rgb[i + 2];
        }
        int[] used = [.. Enumerable.Range(0, Bins).Where(bin => counts[bin] > 0)];
        var boxes = Cut(used, counts, most);
        var colours = new byte[boxes.Count * 3];
        var colourOf = new byte[Bins];
        for (var box = 0; box < boxes.Count; box++)
        {
            long red = 0,
                green = 0,
                blue = 0,
                count = 0;
            foreach (var bin in used.AsSpan(boxes[box].Start, boxes[box].Length))
            {
                (red, green, blue, count) = (red + sums[bin * 3], green + sums[bin * 3 + 1], blue + sums[bin * 3 + 2], count + counts[bin]);
                colourOf[bin] = (byte)box;
            }
            (colours[box * 3], colours[box * 3 + 1], colours[box * 3 + 2]) = (
                (byte)(red / count),
                (byte)(green / count),
                (byte)(blue / count)
            );
        }
        var pixels = new byte[rgb.Length / 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = colourOf[Bin(rgb, i * 3)];
        }
        return new(picture.Size, colours, pixels);
    }

    private static int Bin(byte[] rgb, int i) => rgb[i] >> 3 << 10 | rgb[i + 1] >> 3 << 5 | rgb[i + 2] >> 3;

    /// <summary>A part of the used colours, and along which axis (its shift in the bin's number) it is widest.</summary>
    private readonly record struct Part(int Start, int Length, int Shift, double Spread);

    private static List<Part> Cut(int[] used, int[] counts, int most)
    {
        var parts = new List<Part>();
        var widest = new PriorityQueue<Part, double>();
        Add(0, used.Length);
        while (parts.Count + widest.Count < most && widest.TryDequeue(out var part, out _))
        {
            var bins = used.AsSpan(part.Start, part.Length);
            bins.Sort((a, b) => (a >> part.Shift & 31).CompareTo(b >> part.Shift & 31));
            var half = Sum(bins, counts) / 2;
            var cut = 0;
            for (long run = 0; cut < bins.Length - 1 && (cut == 0 || run < half); cut++)
            {
                run += counts[bins[cut]];
            }
            Add(part.Start, cut);
            Add(part.Start + cut, part.Length - cut);
        }
        parts.AddRange(widest.UnorderedItems.Select(item => item.Element));
        return parts;

        void Add(int start, int length)
        {
            var part = Measure(used.AsSpan(start, length), counts, start);
            if (length < 2)
            {
                parts.Add(part);
            }
            else
            {
                widest.Enqueue(part, -part.Spread);
            }
        }
    }

    private static Part Measure(ReadOnlySpan<int> bins, int[] counts, int start)
    {
        var best = new Part(start, bins.Length, 0, 0);
        var weight = Math.Sqrt(Sum(bins, counts));
        foreach (var shift in (ReadOnlySpan<int>)[10, 5, 0])
        {
            var (low, high) = (31, 0);
            foreach (var bin in bins)
            {
                low = Math.Min(low, bin >> shift & 31);
                high = Math.Max(high, bin >> shift & 31);
            }
            if ((high - low) * weight is var spread && spread > best.Spread)
            {
                best = best with { Shift = shift, Spread = spread };
            }
        }
        return best;
    }

    private static long Sum(ReadOnlySpan<int> bins, int[] counts)
    {
        long sum = 0;
        foreach (var bin in bins)
        {
            sum += counts[bin];
        }
        return sum;
    }
}
