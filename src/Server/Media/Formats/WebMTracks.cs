using System.Text;

namespace StoriesCli.Server.Media.Formats;

/// <summary>Drops the tracks of a WebM file that do not play, and the names of those that do.</summary>
internal sealed class WebMTracks(Ebml ebml, FileEdits edits, bool keepSubtitles)
{
    private const uint Entry = 0xAE, Number = 0xD7, Type = 0x83, CodecId = 0x86, CodecPrivate = 0x63A2, Video = 0xE0, AlphaMode = 0x53C0;
    private const ulong PictureType = 1, SoundType = 2, SubtitleType = 17;
    private const int MostPrivateBytes = 64 * 1024;

    private static readonly HashSet<uint> KeptInEntry =
    [
        Number, 0x73C5, Type, CodecId, CodecPrivate, Video, 0xE1, 0xB9, 0x88, 0x55AA, 0x55AB, 0x55AC, 0x55AD, 0x55AE, 0x55AF, 0x9C, 0x6DE7, 0x6DF8, 0x23E383,
        0x234E7A, 0x23314F, 0x55EE, 0x41E4, 0x22B59C, 0x22B59D, 0x56AA, 0x56BB, 0x6D80, 0xE2,
    ];

    private readonly HashSet<ulong> _kept = [];
    private readonly HashSet<ulong> _transparent = [];

    public bool Plays(ulong track) => _kept.Contains(track);

    /// <summary>Whether its blocks have a second picture beside them, which is how transparent it is.</summary>
    public bool IsTransparent(ulong track) => _transparent.Contains(track);

    public void Clean(EbmlElement tracks)
    {
        foreach (var entry in ebml.Children(tracks))
        {
            ulong number = 0, type = 0;
            var transparent = false;
            var codec = "";
            if (entry.Id == Entry)
                foreach (var child in ebml.Children(entry))
                {
                    if (child.Id == Number) number = ebml.Number(child);
                    if (child.Id == Type) type = ebml.Number(child);
                    if (child.Id == CodecId) codec = Encoding.ASCII.GetString(ebml.File.Read(child.Payload, (int)Math.Min(child.Size, 32)));
                    if (child.Id == Video) transparent = ebml.Children(child).Any(c => c.Id == AlphaMode && ebml.Number(c) == 1);
                }
            if (type is not (PictureType or SoundType) && !(keepSubtitles && type == SubtitleType))
            {
                WebMMetadata.Blank(entry, edits);
                continue;
            }
            _kept.Add(number);
            if (transparent) _transparent.Add(number);
            WebMMetadata.BlankAllBut(ebml, entry, KeptInEntry, edits);
            if (codec.TrimEnd('\0') == "A_VORBIS") CleanVorbis(entry);
        }
    }

    /// <summary>Vorbis keeps titles among what its decoder needs: three packets in one, the second of comments.</summary>
    private void CleanVorbis(EbmlElement entry)
    {
        foreach (var child in ebml.Children(entry))
        {
            if (child.Id != CodecPrivate || child.Size is < 3 or > MostPrivateBytes) continue;
            var bytes = ebml.File.Read(child.Payload, (int)child.Size).ToArray();
            var at = 1;
            int first = ReadLength(bytes, ref at), second = ReadLength(bytes, ref at);
            if (bytes[0] != 2 || at + first + second > bytes.Length || !OggComments.Empty(bytes.AsSpan(at + first, second)))
                throw ebml.File.Broken("its comments are not what they should be");
            edits.Overwrite(child.Payload, bytes);
        }
    }

    private static int ReadLength(byte[] bytes, ref int at)
    {
        var length = 0;
        while (at < bytes.Length)
        {
            var part = bytes[at++];
            length += part;
            if (part < 255) break;
        }
        return length;
    }
}
