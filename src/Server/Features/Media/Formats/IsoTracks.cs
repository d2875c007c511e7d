namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>One track of an MP4 or QuickTime file. Its handler is the type of its content, such as <c>vide</c> or <c>soun</c>.</summary>
internal sealed record IsoTrack(IsoBox Box, uint Id, string Handler, long Timescale, ulong Duration, int Width, int Height);

/// <summary>Reads the movie's header: its tracks and its duration.</summary>
internal static class IsoTracks
{
    private const long MostCutByEditsMs = 1000;

    public static List<IsoTrack> Read(IsoBoxes boxes, IsoBox movie)
    {
        var tracks = new List<IsoTrack>();
        foreach (var box in boxes.Children(movie))
        {
            if (box.Type != "trak")
                continue;
            if (tracks.Count == 64)
                throw boxes.File.Broken("it has more than 64 tracks");
            tracks.Add(ReadTrack(boxes, box));
        }
        return tracks;
    }

    /// <summary>Null when the header does not state it, as in fragmented files.</summary>
    public static long? DurationMs(IsoBoxes boxes, IsoBox movie)
    {
        if (boxes.Find(movie, "mvhd") is not { } header)
            throw boxes.File.Broken("its movie has no header");
        var (timescale, duration) = ReadTimes(boxes, header);
        if (duration == 0 && boxes.Find(movie, "mvex") is { } extends && boxes.Find(extends, "mehd") is { } fragments)
        {
            boxes.Need(fragments, 12 - 4 * (1 - Version(boxes, fragments)));
            duration = Version(boxes, fragments) == 1 ? boxes.File.U64(fragments.Payload + 4) : boxes.File.U32(fragments.Payload + 4);
        }
        return duration == 0 || timescale == 0 ? null : ToMilliseconds(duration, timescale);
    }

    /// <summary>The duration stated by picture and sound tracks, if clearly longer than the movie header's. So a header that states too little does not evade the limit.</summary>
    public static long? LongerOfTracks(IReadOnlyList<IsoTrack> tracks, long? ofMovie)
    {
        var longest = tracks
            .Where(t => t is { Handler: "vide" or "soun", Timescale: > 0, Duration: > 0 })
            .Max(t => (long?)ToMilliseconds(t.Duration, t.Timescale));
        // Edits cut a little: what an encoder writes before the first sample, and up to a key frame.
        return longest > (ofMovie ?? 0) + MostCutByEditsMs ? longest : ofMovie;
    }

    public static long ToMilliseconds(ulong duration, long timescale) =>
        (long)UInt128.Min((UInt128)duration * 1000 / (ulong)timescale, long.MaxValue);

    public static int Version(IsoBoxes boxes, IsoBox box) => Math.Min(boxes.File.U8(box.Payload), (byte)1);

    private static IsoTrack ReadTrack(IsoBoxes boxes, IsoBox box)
    {
        if (
            boxes.Find(box, "tkhd") is not { } header
            || boxes.Find(box, "mdia") is not { } media
            || boxes.Find(media, "mdhd") is not { } times
            || boxes.Find(media, "hdlr") is not { } handler
        )
            throw boxes.File.Broken("one of its tracks has no header");
        boxes.Need(handler, 12);
        var long8 = 12 * Version(boxes, header);
        boxes.Need(header, 84 + long8);
        var id = boxes.File.U32(header.Payload + (long8 == 0 ? 12 : 20));
        var type = boxes.File.FourCc(handler.Payload + 8);
        var (width, height) = type == "vide" ? Dimensions(boxes, header.Payload + 40 + long8, media) : (0, 0);
        var (timescale, duration) = ReadTimes(boxes, times);
        return new IsoTrack(box, id, type, timescale, duration, width, height);
    }

    /// <summary>Timescale and duration of an <c>mvhd</c> or <c>mdhd</c>; duration 0 when it is unknown.</summary>
    private static (long Timescale, ulong Duration) ReadTimes(IsoBoxes boxes, IsoBox header)
    {
        var file = boxes.File;
        var at = header.Payload;
        if (Version(boxes, header) == 1)
        {
            boxes.Need(header, 32);
            var duration = file.U64(at + 24);
            return (file.U32(at + 20), duration == ulong.MaxValue ? 0 : duration);
        }
        boxes.Need(header, 20);
        var brief = file.U32(at + 16);
        return (file.U32(at + 12), brief == uint.MaxValue ? 0 : brief);
    }

    /// <summary>Size when shown upright, from the track's matrix and the width and height after it.</summary>
    private static (int Width, int Height) Dimensions(IsoBoxes boxes, long matrix, IsoBox media)
    {
        var file = boxes.File;
        int width = (int)(file.U32(matrix + 36) >> 16),
            height = (int)(file.U32(matrix + 40) >> 16);
        if (width == 0 || height == 0)
            (width, height) = CodedDimensions(boxes, media);
        // A quarter turn swaps the axes: the matrix has zeros on its diagonal.
        var turned = file.U32(matrix) == 0 && file.U32(matrix + 16) == 0 && file.U32(matrix + 4) != 0 && file.U32(matrix + 12) != 0;
        return turned ? (height, width) : (width, height);
    }

    private static (int Width, int Height) CodedDimensions(IsoBoxes boxes, IsoBox media)
    {
        if (
            boxes.Find(media, "minf") is not { } information
            || boxes.Find(information, "stbl") is not { } samples
            || boxes.Find(samples, "stsd") is not { } descriptions
            || descriptions.Size < 44
        )
            return (0, 0);
        return (boxes.File.U16(descriptions.Payload + 40), boxes.File.U16(descriptions.Payload + 42));
    }
}
