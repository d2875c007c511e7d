namespace StoriesCli.Server.Media.Formats;

/// <summary>Blots out what a WebM file holds beside what plays, element by element, as <c>Void</c> of the same length. Nothing moves.</summary>
/// <remarks>Checksums go too, since those of changed elements would no longer hold.</remarks>
internal static class WebMMetadata
{
    private const uint Info = 0x1549A966, Tracks = 0x1654AE6B, SeekHead = 0x114D9B74, Cues = 0x1C53BB6B, Void = 0xEC;
    private const uint MuxingApp = 0x4D80, WritingApp = 0x5741;

    private static readonly HashSet<uint> KeptInHead = [0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4287, 0x4285];
    private static readonly HashSet<uint> KeptInSegment = [SeekHead, Info, Tracks, Cues];

    // Scale and duration, and the names of programs, which must be there and become empty.
    private static readonly HashSet<uint> KeptInInfo = [0x2AD7B1, 0x4489, MuxingApp, WritingApp];

    // Entries of SeekHead, and of Cues.
    private static readonly HashSet<uint> KeptInLists = [0x4DBB, 0xBB];

    /// <param name="file">One that has been inspected.</param>
    /// <param name="edits">Of the file.</param>
    /// <param name="keepSubtitles">Whether tracks of text stay.</param>
    public static void Find(FileBytes file, FileEdits edits, bool keepSubtitles)
    {
        var ebml = new Ebml(file);
        var segment = WebM.FindSegment(ebml);
        var head = ebml.ReadElement(0, file.Length);
        BlankAllBut(ebml, head, KeptInHead, edits);
        foreach (var between in ebml.In(head.End, segment.Offset)) Blank(between, edits);
        var tracks = new WebMTracks(ebml, edits, keepSubtitles);
        var blocks = new WebMBlocks(ebml, edits, tracks);
        foreach (var element in new WebMClusters(ebml) { Seen = blocks.Clean }.Level1(segment))
        {
            if (!KeptInSegment.Contains(element.Id)) Blank(element, edits);
            else if (element.Id == Tracks) tracks.Clean(element);
            else if (element.Id == Info) CleanInfo(ebml, element, edits);
            else BlankAllBut(ebml, element, KeptInLists, edits);
        }
        // A second segment is no WebM, and what else follows is nothing at all.
        edits.Cut(segment.End);
    }

    public static void BlankAllBut(Ebml ebml, EbmlElement parent, IReadOnlySet<uint> kept, FileEdits edits)
    {
        foreach (var child in ebml.Children(parent))
            if (!kept.Contains(child.Id))
                Blank(child, edits);
    }

    /// <summary>As an empty element of the same length: its identifier, a size as wide as fits, zeros.</summary>
    public static void Blank(EbmlElement element, FileEdits edits)
    {
        var length = element.End - element.Offset;
        var sizeBytes = (int)Math.Min(element.Payload - element.Offset - 1, 8);
        var size = (ulong)(length - 1 - sizeBytes) | 1UL << (7 * sizeBytes);
        var header = new byte[1 + sizeBytes];
        header[0] = (byte)Void;
        for (var i = 0; i < sizeBytes; i++) header[i + 1] = (byte)(size >> (8 * (sizeBytes - 1 - i)));
        edits.Overwrite(element.Offset, header, length - header.Length);
    }

    private static void CleanInfo(Ebml ebml, EbmlElement info, FileEdits edits)
    {
        BlankAllBut(ebml, info, KeptInInfo, edits);
        foreach (var child in ebml.Children(info))
            if (child.Id is MuxingApp or WritingApp)
                edits.Overwrite(child.Payload, [], child.Size);
    }
}
