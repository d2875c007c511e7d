namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Erases everything in a WebM file but what plays: each element becomes a <c>Void</c> of the same length. Nothing moves.</summary>
/// <remarks>Checksums go too, because those of changed elements would be wrong.</remarks>
internal static class WebMMetadata
{
    private const uint Info = 0x1549A966,
        Tracks = 0x1654AE6B,
        SeekHead = 0x114D9B74,
        Cues = 0x1C53BB6B,
        Void = 0xEC,
        DocType = 0x4282;
    private const uint MuxingApp = 0x4D80,
        WritingApp = 0x5741;

    private const int NumberBytes = 8,
        DocTypeBytes = 4;

    private static readonly WebMPlan Head = new()
    {
        Numbers = [0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4287, 0x4285],
        Others = { [DocType] = (ebml, type) => type.Size <= NumberBytes ? DocTypeBytes : WebMPlan.Gone },
    };

    // Scale and duration, and the names of programs, which are mandatory and become empty.
    private static readonly WebMPlan OfInfo = new()
    {
        Numbers = [0x2AD7B1, 0x4489],
        Others = { [MuxingApp] = (_, _) => 0, [WritingApp] = (_, _) => 0 },
    };

    private static readonly WebMPlan OfSeekHead = new() { Repeated = { [0x4DBB] = new() { Numbers = [0x53AB, 0x53AC] } } };

    private static readonly WebMPlan OfCues = new()
    {
        Repeated =
        {
            [0xBB] = new() { Numbers = [0xB3], Repeated = { [0xB7] = new() { Numbers = [0xF7, 0xF1, 0xF0, 0xB2, 0x5378] } } },
        },
    };

    /// <param name="file">A file that was inspected.</param>
    /// <param name="edits">Edits of the file.</param>
    /// <param name="keepSubtitles">Whether to keep text tracks.</param>
    public static void Find(FileBytes file, FileEdits edits, bool keepSubtitles)
    {
        var ebml = new Ebml(file);
        var segment = WebM.FindSegment(ebml);
        var head = ebml.ReadElement(0, file.Length);
        Head.Clean(ebml, head, edits);
        foreach (var between in ebml.In(head.End, segment.Offset))
            Blank(between, edits);
        var tracks = new WebMTracks(ebml, edits, keepSubtitles);
        var blocks = new WebMBlocks(ebml, edits, tracks);
        foreach (var element in new WebMClusters(ebml) { Seen = blocks.Clean }.Level1(segment))
        {
            switch (element.Id)
            {
                case Tracks:
                    tracks.Clean(element);
                    break;
                case Info:
                    OfInfo.Clean(ebml, element, edits);
                    break;
                case SeekHead:
                    OfSeekHead.Clean(ebml, element, edits);
                    break;
                case Cues:
                    OfCues.Clean(ebml, element, edits);
                    break;
                default:
                    Blank(element, edits);
                    break;
            }
        }
        // A second segment is not WebM, nor is anything else that follows.
        edits.Cut(segment.End);
    }

    /// <summary>Writes an empty element of the same length: its id, a size field as wide as fits, zeros.</summary>
    public static void Blank(EbmlElement element, FileEdits edits)
    {
        var length = element.End - element.Offset;
        var sizeBytes = (int)Math.Min(element.Payload - element.Offset - 1, 8);
        var size = (ulong)(length - 1 - sizeBytes) | 1UL << (7 * sizeBytes);
        var header = new byte[1 + sizeBytes];
        header[0] = (byte)Void;
        for (var i = 0; i < sizeBytes; i++)
            header[i + 1] = (byte)(size >> (8 * (sizeBytes - 1 - i)));
        edits.Overwrite(element.Offset, header, length - header.Length);
    }
}
