namespace StoriesCli.Server.Media.Formats;

/// <summary>Blots out the blocks of tracks that were dropped, and what no player reads beside the others.</summary>
internal sealed class WebMBlocks(Ebml ebml, FileEdits edits, WebMTracks tracks)
{
    private const uint SimpleBlock = 0xA3, BlockGroup = 0xA0, Block = 0xA1, Additions = 0x75A1, Addition = 0xA6, AdditionId = 0xEE;

    private static readonly HashSet<uint> KeptInCluster = [0xE7, SimpleBlock, BlockGroup, 0xA7, 0xAB];
    private static readonly HashSet<uint> KeptInGroup = [Block, Additions, 0x9B, 0xFA, 0xFB, 0xA4, 0x75A2];

    /// <param name="child">Of a cluster. The header with the tracks has come before, or the block belongs to none.</param>
    public void Clean(EbmlElement child)
    {
        if (!KeptInCluster.Contains(child.Id))
            WebMMetadata.Blank(child, edits);
        else if (child.Id == SimpleBlock && !tracks.Plays(ebml.ReadTrackNumber(child.Payload)))
            WebMMetadata.Blank(child, edits);
        else if (child.Id == BlockGroup)
            CleanGroup(child);
    }

    private void CleanGroup(EbmlElement group)
    {
        ulong track = 0;
        foreach (var child in ebml.Children(group))
            if (child.Id == Block)
                track = ebml.ReadTrackNumber(child.Payload);
        if (!tracks.Plays(track))
        {
            WebMMetadata.Blank(group, edits);
            return;
        }
        foreach (var child in ebml.Children(group))
        {
            if (!KeptInGroup.Contains(child.Id) || (child.Id == Additions && !tracks.IsTransparent(track))) WebMMetadata.Blank(child, edits);
            else if (child.Id == Additions) CleanAdditions(child);
        }
    }

    /// <summary>Only the first kind is a picture.</summary>
    private void CleanAdditions(EbmlElement additions)
    {
        foreach (var addition in ebml.Children(additions))
        {
            var isPicture = addition.Id == Addition && ebml.Children(addition).Where(c => c.Id == AdditionId).All(c => ebml.Number(c) == 1);
            if (!isPicture) WebMMetadata.Blank(addition, edits);
        }
    }
}
