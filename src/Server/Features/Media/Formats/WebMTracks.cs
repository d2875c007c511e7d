using System.Text;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Drops the tracks of a WebM file that do not play, and the names of the others.</summary>
internal sealed class WebMTracks(Ebml ebml, FileEdits edits, bool keepSubtitles)
{
    private const uint Entry = 0xAE,
        Number = 0xD7,
        Type = 0x83,
        CodecId = 0x86,
        CodecPrivate = 0x63A2,
        Video = 0xE0,
        AlphaMode = 0x53C0;
    private const ulong PictureType = 1,
        SoundType = 2,
        SubtitleType = 17;
    private const int MostPrivateBytes = 64 * 1024;

    private const int MostCodecBytes = 32,
        MostStrippedBytes = 16,
        OpusHeadBytes = 19,
        MostFeatureBytes = 12,
        RectangleBytes = 20,
        CubeBytes = 12;

    private static readonly WebMPlan OfPicture = new()
    {
        // Sizes, crops, fields, stereo mode, alpha.
        Numbers = [0x9A, 0x9D, 0x53B8, AlphaMode, 0xB0, 0xBA, 0x54AA, 0x54BB, 0x54CC, 0x54DD, 0x54B0, 0x54BA, 0x54B2, 0x54B3],
        Once =
        {
            // Colours, including those of the mastering screen.
            [0x55B0] = new()
            {
                Numbers = [0x55B1, 0x55B2, 0x55B3, 0x55B4, 0x55B5, 0x55B6, 0x55B7, 0x55B8, 0x55B9, 0x55BA, 0x55BB, 0x55BC, 0x55BD],
                Once = { [0x55D0] = new() { Numbers = [0x55D1, 0x55D2, 0x55D3, 0x55D4, 0x55D5, 0x55D6, 0x55D7, 0x55D8, 0x55D9, 0x55DA] } },
            },
            // Spherical projection.
            [0x7670] = new()
            {
                Numbers = [0x7671, 0x7673, 0x7674, 0x7675],
                Others = { [0x7672] = (_, data) => data.Size is RectangleBytes or CubeBytes ? data.Size : WebMPlan.Gone },
            },
        },
    };

    private static readonly WebMPlan OfSound = new() { Numbers = [0xB5, 0x78B5, 0x9F, 0x6264, 0x52F1] };

    // Encoding of the track's blocks.
    private static readonly WebMPlan OfEncodings = new()
    {
        Repeated =
        {
            [0x6240] = new()
            {
                Numbers = [0x5031, 0x5032, 0x5033],
                Once =
                {
                    [0x5034] = new()
                    {
                        Numbers = [0x4254],
                        Others = { [0x4255] = (_, bytes) => bytes.Size <= MostStrippedBytes ? bytes.Size : WebMPlan.Gone },
                    },
                },
            },
        },
    };

    private readonly HashSet<ulong> _kept = [];
    private readonly HashSet<ulong> _transparent = [];

    public bool Plays(ulong track) => _kept.Contains(track);

    /// <summary>Whether its blocks have a second image, which holds the alpha channel.</summary>
    public bool IsTransparent(ulong track) => _transparent.Contains(track);

    public void Clean(EbmlElement tracks)
    {
        foreach (var entry in ebml.Children(tracks))
        {
            ulong number = 0,
                type = 0;
            var transparent = false;
            string? codec = null;
            if (entry.Id == Entry)
                foreach (var child in ebml.Children(entry))
                {
                    // The first one counts, as in the cleaned file.
                    if (child.Id == Number)
                        number = number == 0 ? ebml.Number(child) : number;
                    if (child.Id == Type)
                        type = type == 0 ? ebml.Number(child) : type;
                    if (child.Id == CodecId)
                        codec ??= ReadCodec(child);
                    if (child.Id == Video)
                        transparent |=
                            WebMPlan.IsWhole(ebml, child) && ebml.Children(child).Any(c => c.Id == AlphaMode && ebml.Number(c) == 1);
                }
            if (type is not (PictureType or SoundType) && !(keepSubtitles && type == SubtitleType))
            {
                WebMMetadata.Blank(entry, edits);
                continue;
            }
            _kept.Add(number);
            if (transparent)
                _transparent.Add(number);
            if (!IsCodec(codec))
                throw ebml.File.Broken("one of its tracks does not name its codec");
            PlanOf(codec!).Clean(ebml, entry, edits);
            if (codec == "A_VORBIS")
                CleanVorbis(entry);
        }
    }

    private WebMPlan PlanOf(string codec) =>
        new()
        {
            // Numbers, flags, durations, delays.
            Numbers =
            [
                Number,
                0x73C5,
                Type,
                0xB9,
                0x88,
                0x55AA,
                0x55AB,
                0x55AC,
                0x55AD,
                0x55AE,
                0x55AF,
                0x9C,
                0x6DE7,
                0x6DF8,
                0x23E383,
                0x234E7A,
                0x23314F,
                0x55EE,
                0x56AA,
                0x56BB,
            ],
            Once =
            {
                [Video] = OfPicture,
                [0xE1] = OfSound,
                [0x6D80] = OfEncodings,
            },
            Others =
            {
                [CodecId] = (_, _) => codec.Length,
                [CodecPrivate] = (_, configuration) => CountConfiguration(codec, configuration),
                [0x22B59C] = CountLanguage,
                [0x22B59D] = CountLanguage,
            },
        };

    private string ReadCodec(EbmlElement element) =>
        Encoding.ASCII.GetString(ebml.File.Read(element.Payload, (int)Math.Min(element.Size, MostCodecBytes))).Split('\0')[0];

    private static bool IsCodec(string? codec) =>
        codec is { Length: > 0 }
        && codec.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '_' or '/' or '.' or '-' or '+');

    private static long CountLanguage(Ebml ebml, EbmlElement language)
    {
        if (language.Size is 0 or > MostCodecBytes)
            return WebMPlan.Gone;
        var text = ebml.File.Read(language.Payload, (int)language.Size);
        var end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        return IsoLeaves.IsLanguage(text) ? text.Length : WebMPlan.Gone;
    }

    private long CountConfiguration(string codec, EbmlElement configuration) =>
        codec switch
        {
            "V_VP8" => WebMPlan.Gone,
            "V_VP9" => configuration.Size <= MostFeatureBytes ? configuration.Size : WebMPlan.Gone,
            "A_OPUS" when configuration.Size >= OpusHeadBytes && ebml.File.StartsWith(configuration.Payload, "OpusHead"u8) => ebml.File.U8(
                configuration.Payload + 18
            ) == 0
                ? OpusHeadBytes
                : OpusHeadBytes + 2 + ebml.File.U8(configuration.Payload + 9),
            "A_OPUS" => WebMPlan.Gone,
            _ => configuration.Size <= MostPrivateBytes ? configuration.Size : WebMPlan.Gone,
        };

    /// <summary>Vorbis stores titles among its decoder's data: three packets in one, the second with comments.</summary>
    private void CleanVorbis(EbmlElement entry)
    {
        foreach (var child in ebml.Children(entry))
        {
            if (child.Id != CodecPrivate)
                continue;
            if (child.Size is < 3 or > MostPrivateBytes)
                return;
            var bytes = ebml.File.Read(child.Payload, (int)child.Size).ToArray();
            var at = 1;
            int first = ReadLength(bytes, ref at),
                second = ReadLength(bytes, ref at);
            if (bytes[0] != 2 || at + first + second > bytes.Length || !OggComments.Empty(bytes.AsSpan(at + first, second)))
                throw ebml.File.Broken("its comments are not what they should be");
            edits.Overwrite(child.Payload, bytes);
            return;
        }
    }

    private static int ReadLength(byte[] bytes, ref int at)
    {
        var length = 0;
        while (at < bytes.Length)
        {
            var part = bytes[at++];
            length += part;
            if (part < 255)
                break;
        }
        return length;
    }
}
