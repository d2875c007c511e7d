using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>WebM: video, or audio alone. Other Matroska files are refused by their document type.</summary>
internal static class WebM
{
    private const uint DocType = 0x4282,
        Segment = 0x18538067,
        Info = 0x1549A966,
        Tracks = 0x1654AE6B;
    private const uint TimestampScale = 0x2AD7B1,
        Duration = 0x4489,
        TrackEntry = 0xAE,
        TrackType = 0x83,
        TrackNumber = 0xD7,
        Video = 0xE0;
    private const uint PixelWidth = 0xB0,
        PixelHeight = 0xBA,
        DisplayWidth = 0x54B0,
        DisplayHeight = 0x54BA,
        DisplayUnit = 0x54B2;

    public static MediaFacts Inspect(FileBytes file)
    {
        var ebml = new Ebml(file);
        var segment = FindSegment(ebml);
        var scale = 1_000_000UL;
        double stated = 0;
        var (video, audio) = (false, false);
        (ulong Width, ulong Height) shown = default;
        var clusters = new WebMClusters(ebml);
        foreach (var element in clusters.Level1(segment))
        {
            if (element.Id == Info)
                foreach (var child in ebml.Children(element))
                {
                    if (child.Id == TimestampScale)
                        scale = ebml.Number(child);
                    if (child.Id == Duration)
                        stated = ebml.Float(child);
                }
            if (element.Id != Tracks)
                continue;
            if (clusters.Any)
                throw file.Broken("its tracks come after its picture and sound");
            foreach (var track in ebml.Children(element).Where(t => t.Id == TrackEntry))
            {
                var type = ebml.Children(track).Where(c => c.Id == TrackType).Select(ebml.Number).FirstOrDefault();
                audio |= type == 2;
                if (type is 1 or 2)
                    clusters.Playing.Add(ebml.Children(track).Where(c => c.Id == TrackNumber).Select(ebml.Number).FirstOrDefault());
                if (type != 1 || video)
                    continue;
                video = true;
                shown = Dimensions(ebml, track);
            }
        }
        if (!clusters.Any)
            throw file.Broken("it has no picture or sound in it");
        if (!video && !audio)
            throw file.Broken("it has neither video nor audio in it");
        var duration = Milliseconds(Math.Max(stated, clusters.LastTimestamp), scale);
        if (!video)
            return new MediaFacts(StoryKinds.Audio, MediaTypes.WebMAudio, DurationMs: duration);
        if (shown.Width is 0 or > int.MaxValue || shown.Height is 0 or > int.MaxValue)
            throw file.Broken($"its picture has {shown.Width} × {shown.Height} pixels");
        return new MediaFacts(StoryKinds.Video, MediaTypes.WebM, (int)shown.Width, (int)shown.Height, duration);
    }

    /// <exception cref="MediaRefusedException">It is Matroska but not WebM, or it breaks off.</exception>
    public static EbmlElement FindSegment(Ebml ebml)
    {
        var head = ebml.ReadElement(0, ebml.File.Length);
        var type = ebml.Children(head).FirstOrDefault(c => c.Id == DocType);
        if (!ebml.File.StartsWith(type.Payload, "webm"u8) || type.Size is < 4 or > 8)
            throw new MediaRefusedException("The bytes are Matroska (MKV); of its kind only WebM is accepted.");
        foreach (var element in ebml.In(head.End, ebml.File.Length))
            if (element.Id == Segment)
                return element;
        throw ebml.File.CutOff();
    }

    private static (ulong Width, ulong Height) Dimensions(Ebml ebml, EbmlElement track)
    {
        var values = new Dictionary<uint, ulong>();
        foreach (var video in ebml.Children(track).Where(c => c.Id == Video).Take(1))
        foreach (
            var child in ebml.Children(video).Where(c => c.Id is PixelWidth or PixelHeight or DisplayWidth or DisplayHeight or DisplayUnit)
        )
            values.TryAdd(child.Id, ebml.Number(child));
        var (width, height) = (values.GetValueOrDefault(DisplayWidth), values.GetValueOrDefault(DisplayHeight));
        // Only unit 0 counts pixels. The others are lengths or a ratio.
        return width > 0 && height > 0 && values.GetValueOrDefault(DisplayUnit) == 0
            ? (width, height)
            : (values.GetValueOrDefault(PixelWidth), values.GetValueOrDefault(PixelHeight));
    }

    private static long? Milliseconds(double ticks, ulong scale)
    {
        var milliseconds = ticks * scale / 1_000_000;
        return milliseconds > 0 ? (long)Math.Min(milliseconds, 1e15) : null;
    }
}
