namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Erases the blocks of dropped tracks, and what no player reads in other blocks.</summary>
internal sealed class WebMBlocks(Ebml ebml, FileEdits edits, WebMTracks tracks)
{
    private const uint SimpleBlock = 0xA3,
        BlockGroup = 0xA0,
        Block = 0xA1,
        Additions = 0x75A1,
        Addition = 0xA6,
        AdditionId = 0xEE;

    private const uint Duration = 0x9B,
        Priority = 0xFA,
        Reference = 0xFB,
        Discard = 0x75A2,
        Data = 0xA5,
        Timestamp = 0xE7;
    private const int MostNumberBytes = 8,
        MostReferences = 16;

    // Addition 1 is an image.
    private static readonly WebMPlan OfPicture = new() { Numbers = [AdditionId], Others = { [Data] = (_, data) => data.Size } };

    /// <param name="child">Child of a cluster. The header with the tracks precedes it, or the block belongs to no track.</param>
    public void Clean(EbmlElement child)
    {
        if (child.Id == BlockGroup)
            CleanGroup(child);
        else if (
            child.Id == SimpleBlock
                ? !tracks.Plays(ebml.ReadTrackNumber(child.Payload))
                : child.Id != Timestamp || child.Size > MostNumberBytes
        )
            WebMMetadata.Blank(child, edits);
    }

    private void CleanGroup(EbmlElement group)
    {
        ulong? track = null;
        foreach (var child in ebml.Children(group))
            if (child.Id == Block)
                track ??= ebml.ReadTrackNumber(child.Payload);
        if (track is not { } number || !tracks.Plays(number))
        {
            WebMMetadata.Blank(group, edits);
            return;
        }
        var numbers = new HashSet<uint>();
        int blocks = 0,
            references = 0,
            additions = 0;
        foreach (var child in ebml.Children(group))
        {
            var stays = child.Id switch
            {
                Block => blocks++ == 0,
                Additions => tracks.IsTransparent(number) && additions++ == 0,
                Duration or Priority or Discard => child.Size <= MostNumberBytes && numbers.Add(child.Id),
                Reference => child.Size <= MostNumberBytes && references++ < MostReferences,
                _ => false,
            };
            if (!stays)
                WebMMetadata.Blank(child, edits);
            else if (child.Id == Additions)
                CleanAdditions(child);
        }
    }

    /// <summary>A block has only one image.</summary>
    private void CleanAdditions(EbmlElement additions)
    {
        var pictures = 0;
        foreach (var addition in ebml.Children(additions))
        {
            var isPicture = addition.Id == Addition && ebml.Children(addition).Where(c => c.Id == AdditionId).All(c => ebml.Number(c) == 1);
            if (isPicture && pictures++ == 0)
                OfPicture.Clean(ebml, addition, edits);
            else
                WebMMetadata.Blank(addition, edits);
        }
    }
}
