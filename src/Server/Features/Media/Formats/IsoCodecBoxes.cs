namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Cleans the boxes within a sample description. Keeps well-formed boxes that tell a player how to decode and show.</summary>
/// <param name="file">The file.</param>
/// <param name="codec">Type of the description.</param>
/// <param name="edits">Edits of the file.</param>
internal sealed class IsoCodecBoxes(FileBytes file, string codec, FileEdits edits)
{
    private const long Gone = -1;
    private const int MostConfigurationBytes = 64 * 1024,
        MostProfileBytes = 4 * 1024 * 1024,
        MostLevels = 4;

    // Number of defined bytes of each box. A shorter box is invalid.
    private static readonly Dictionary<string, int> Fixed = new()
    {
        ["btrt"] = 12,
        ["pasp"] = 8,
        ["clap"] = 32,
        ["fiel"] = 2,
        ["gama"] = 4,
        ["mdcv"] = 24,
        ["clli"] = 4,
        ["SmDm"] = 28,
        ["CoLL"] = 8,
        ["amve"] = 8,
        ["ccst"] = 8,
        ["srat"] = 8,
        ["st3d"] = 5,
        ["prhd"] = 16,
        ["equi"] = 20,
        ["cbmp"] = 12,
        ["stri"] = 5,
        ["hero"] = 5,
        ["blin"] = 8,
        ["dadj"] = 8,
        ["prji"] = 8,
        ["pkin"] = 8,
        ["hfov"] = 4,
        ["vpcC"] = 12,
        ["dvcC"] = 24,
        ["dvvC"] = 24,
        ["dvwC"] = 24,
        ["pcmC"] = 6,
        ["dac3"] = 3,
        ["damr"] = 9,
        ["d263"] = 7,
        ["dmlp"] = 10,
        ["ddts"] = 20,
        ["frma"] = 4,
        ["enda"] = 2,
        ["ihdr"] = 14,
    };

    private static readonly string[] Avc = ["avc1", "avc2", "avc3", "avc4", "dva1", "dvav", "H264", "h264"],
        Hevc = ["hvc1", "hev1", "hvc2", "hev2", "dvh1", "dvhe", "lhv1", "lhe1"];
    private static readonly string[] Motion = ["mjpa", "mjpb", "jpeg"],
        Avid = ["AVdn", "AVDH"],
        Design = ["QDM2", "QDMC"];

    // Configurations, each with the codecs that can read it and a maximum length that real ones stay below.
    private static readonly Dictionary<string, (string[] Codecs, int Most)> OfCodecs = new()
    {
        ["avcC"] = (Avc, MostConfigurationBytes),
        ["mvcC"] = (Avc, MostConfigurationBytes),
        ["svcC"] = (Avc, MostConfigurationBytes),
        ["avcE"] = (Avc, MostConfigurationBytes),
        ["hvcC"] = (Hevc, MostConfigurationBytes),
        ["lhvC"] = (Hevc, MostConfigurationBytes),
        ["hvcE"] = (Hevc, MostConfigurationBytes),
        ["vvcC"] = (["vvc1", "vvi1"], MostConfigurationBytes),
        ["evcC"] = (["evc1"], MostConfigurationBytes),
        ["av1C"] = (["av01", "dav1"], 4096),
        ["apvC"] = (["apv1"], 4096),
        ["dvc1"] = (["vc-1"], 4096),
        ["glbl"] = (["FFV1", "ffv1"], MostConfigurationBytes),
        ["SMI "] = (["SVQ3"], 4096),
        ["mjqt"] = (Motion, 4096),
        ["mjht"] = (Motion, 4096),
        ["ACLR"] = (Avid, 64),
        ["APRG"] = (Avid, 64),
        ["ARES"] = (Avid, 256),
        ["QDCA"] = (Design, 256),
        ["QDCP"] = (Design, 256),
        ["mhaC"] = (["mha1", "mhm1"], 4096),
        ["iacb"] = (["iamf"], MostConfigurationBytes),
        ["alac"] = (["alac"], 56),
        ["dec3"] = (["ec-3"], 64),
        ["dac4"] = (["ac-4"], 256),
        ["dOps"] = (["Opus"], 4096),
        ["dfLa"] = (["fLaC"], MostProfileBytes),
    };

    private static readonly Dictionary<string, HashSet<string>> Nested = new()
    {
        ["wave"] = ["frma", "enda", "esds", "alac", "chan", "QDCA", "QDCP"],
        ["sv3d"] = ["svhd", "proj"],
        ["vexu"] = ["eyes", "proj", "pack"],
        ["eyes"] = ["stri", "hero", "cams", "cmfy"],
        ["cams"] = ["blin"],
        ["cmfy"] = ["dadj"],
        ["pack"] = ["pkin"],
        ["proj"] = ["prhd", "equi", "cbmp", "prji"],
        ["jp2h"] = ["ihdr", "colr"],
    };

    private static readonly HashSet<string> Kept =
    [
        "btrt",
        "pasp",
        "clap",
        "fiel",
        "gama",
        "mdcv",
        "clli",
        "SmDm",
        "CoLL",
        "amve",
        "ccst",
        "srat",
        "st3d",
        "hfov",
        "vpcC",
        "dvcC",
        "dvvC",
        "dvwC",
        "pcmC",
        "dac3",
        "damr",
        "d263",
        "dmlp",
        "ddts",
        "colr",
        "chan",
        "auxi",
        "cclv",
        "chnl",
        "esds",
        "wave",
        "sv3d",
        "vexu",
        "jp2h",
        .. OfCodecs.Keys,
    ];

    /// <summary>Cleans the boxes between two offsets. Replaces what follows the last box by zeros, with which QuickTime ends such lists.</summary>
    public void Clean(long at, long end) => Clean(at, end, Kept, 0);

    /// <summary>Returns how many boxes stay.</summary>
    private int Clean(long at, long end, HashSet<string> kept, int level)
    {
        var seen = new HashSet<string>();
        var stay = 0;
        while (end - at >= 8)
        {
            var size = file.U32(at);
            if (size < 8 || size > end - at)
                break;
            var box = new IsoBox(file.FourCc(at + 4), at, 8, at + size);
            at = box.End;
            // There are several kinds of colour description. Each kind may occur once.
            var key = box.Type == "colr" && box.Size >= 4 ? "colr" + file.FourCc(box.Payload) : box.Type;
            var used = kept.Contains(box.Type) && seen.Add(key) ? CountUsed(box, level) : Gone;
            if (used == Gone)
                IsoMetadata.Free(box, edits);
            else
                edits.Zero(box.Payload + Math.Min(used, box.Size), box.End);
            stay += used == Gone ? 0 : 1;
        }
        edits.Zero(at, end);
        return stay;
    }

    private long CountUsed(IsoBox box, int level)
    {
        if (Fixed.TryGetValue(box.Type, out var bytes))
            return box.Size >= bytes ? ClearMaker(box, bytes) : Gone;
        if (OfCodecs.TryGetValue(box.Type, out var of) && (!of.Codecs.Contains(codec) || box.Size > of.Most))
            return Gone;
        if (Nested.TryGetValue(box.Type, out var children))
        {
            if (level == MostLevels)
                return Gone;
            return Clean(box.Payload, box.End, children, level + 1) > 0 ? box.Size : Gone;
        }
        return box.Type switch
        {
            "avcC" => CountAvc(box),
            "hvcC" => CountHevc(box),
            "cclv" => box.Size < 1 ? Gone : CountContentColours(file.U8(box.Payload)),
            // Only layouts with a number.
            "chnl" => box.Size >= 14 && file.U8(box.Payload) == 0 && file.U8(box.Payload + 4) == 1 && file.U8(box.Payload + 5) != 0
                ? 14
                : Gone,
            "esds" => CountElementary(box),
            "colr" => CountColours(file, box),
            "chan" => box.Size >= 12 + 4 ? 16 + Math.Min(20L * file.U32(box.Payload + 12), 20 * 64) : Gone,
            "dOps" => box.Size < 11 ? Gone
            : file.U8(box.Payload + 10) == 0 ? 11
            : 13 + file.U8(box.Payload + 1),
            "dfLa" => CleanFlac(box),
            // Empties the name, which identifies the maker's program.
            "svhd" => box.Size >= 5 ? 4 : Gone,
            "auxi" => CountAuxiliary(file, box),
            _ => OfCodecs.ContainsKey(box.Type) ? box.Size : Gone,
        };
    }

    /// <summary>Two of these boxes begin with a mark of the maker.</summary>
    private long ClearMaker(IsoBox box, int bytes)
    {
        if (box.Type is "damr" or "d263")
            edits.Overwrite(box.Payload, [], 4);
        return bytes;
    }

    /// <summary>Length of a colour description: three or four numbers, or a profile as long as it states.</summary>
    public static long CountColours(FileBytes file, IsoBox box)
    {
        if (box.Size < 10)
            return Gone;
        switch (file.FourCc(box.Payload))
        {
            case "nclx":
                return 11;
            case "nclc":
                return 10;
            case "prof" or "rICC" when box.Size is >= 4 + 128 and <= MostProfileBytes && file.StartsWith(box.Payload + 4 + 36, "acsp"u8):
                return file.U32(box.Payload + 4) is >= 128 and var bytes && bytes <= box.Size - 4 ? 4 + (long)bytes : Gone;
            default:
                return Gone;
        }
    }

    /// <summary>Length of the auxiliary type, when it is alpha; otherwise nothing is kept.</summary>
    public static long CountAuxiliary(FileBytes file, IsoBox box)
    {
        foreach (var kind in (ReadOnlySpan<string>)["urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1"])
            if (box.Size > 4 + kind.Length && file.StartsWith(box.Payload + 4, System.Text.Encoding.ASCII.GetBytes(kind + '\0')))
                return 4 + kind.Length + 1;
        return Gone;
    }

    /// <summary>Parameter sets, each with its length; high profiles add bit depths and more sets.</summary>
    private long CountAvc(IsoBox box)
    {
        if (box.Size < 7)
            return Gone;
        var at = 5L;
        bool Skip(int mask)
        {
            if (at >= box.Size)
                return false;
            for (var sets = file.U8(box.Payload + at++) & mask; sets > 0; sets--)
            {
                if (at + 2 > box.Size)
                    return false;
                at += 2 + file.U16(box.Payload + at);
            }
            return at <= box.Size;
        }
        if (!Skip(0x1F) || !Skip(0xFF))
            return Gone;
        if (file.U8(box.Payload + 1) is 100 or 110 or 122 or 144 && at + 4 <= box.Size && (file.U8(box.Payload + at) & 0xFC) == 0xFC)
        {
            at += 3;
            return Skip(0xFF) ? at : Gone;
        }
        return at;
    }

    private static long CountContentColours(byte flags) =>
        1 + ((flags & 0x20) != 0 ? 24 : 0) + (4L * System.Numerics.BitOperations.PopCount((uint)flags & 0x1C));

    private long CountHevc(IsoBox box)
    {
        if (box.Size < 23)
            return Gone;
        var at = 23L;
        for (var arrays = file.U8(box.Payload + 22); arrays > 0; arrays--)
        {
            if (at + 3 > box.Size)
                return Gone;
            int units = file.U16(box.Payload + at + 1);
            at += 3;
            for (; units > 0; units--)
            {
                if (at + 2 > box.Size)
                    return Gone;
                at += 2 + file.U16(box.Payload + at);
            }
        }
        return at <= box.Size ? at : Gone;
    }

    /// <summary>Nested descriptors: of the stream, its decoder and the decoder's data. Others could name the maker and the place.</summary>
    private long CountElementary(IsoBox box)
    {
        const byte Stream = 3,
            Decoder = 4,
            Needed = 5,
            Layer = 6;
        if (box.Size is < 4 + 3 or > MostConfigurationBytes)
            return Gone;
        var at = box.Payload + 4;
        if (!TryReadDescriptor(ref at, box.End, out var tag, out var last) || tag != Stream || last - at < 3)
            return Gone;
        var flags = file.U8(at + 2);
        at += 3 + ((flags & 0x80) != 0 ? 2 : 0);
        // A URL of the stream. The stream is in this file.
        if ((flags & 0x40) != 0 && at < last)
        {
            var length = file.U8(at);
            edits.Zero(at + 1, Math.Min(at + 1 + length, last));
            at += 1 + length;
        }
        at += (flags & 0x20) != 0 ? 2 : 0;
        // Some writers state lengths that are too small, and players read on.
        var first = at;
        if (!TryReadDescriptor(ref first, last, out tag, out _) || tag != Decoder)
            return box.Size;
        while (TryReadDescriptor(ref at, last, out tag, out var end))
        {
            if (tag == Decoder && end - at >= 13)
            {
                at += 13;
                while (TryReadDescriptor(ref at, end, out tag, out var inner))
                {
                    if (tag != Needed)
                        edits.Zero(at, inner);
                    at = inner;
                }
                edits.Zero(at, end);
            }
            else
                edits.Zero(tag == Layer ? at + 1 : at, end);
            at = end;
        }
        edits.Zero(at, last);
        return last - box.Payload;
    }

    private bool TryReadDescriptor(ref long at, long end, out byte tag, out long last)
    {
        (tag, last) = (0, at);
        if (end - at < 2)
            return false;
        tag = file.U8(at);
        var (next, length) = (at + 1, 0L);
        for (var i = 0; i < 4 && next < end; i++)
        {
            var part = file.U8(next++);
            length = length << 7 | (uint)(part & 0x7F);
            if (part < 0x80)
                break;
        }
        if (length > end - next)
            return false;
        (at, last) = (next, next + length);
        return true;
    }

    /// <summary>FLAC's metadata blocks: only the first concerns the sound. The others become padding.</summary>
    private long CleanFlac(IsoBox box)
    {
        const int Header = 4,
            About = 34;
        if (box.Size < 4 + Header + About || (file.U32(box.Payload + 4) & 0x7FFFFFFF) != About)
            return Gone;
        var at = box.Payload + 4;
        var isLast = false;
        while (!isLast && box.End - at >= Header)
        {
            var word = file.U32(at);
            var bytes = word & 0xFFFFFF;
            isLast = word >> 31 == 1;
            if (bytes > box.End - at - Header)
                break;
            if (at > box.Payload + 4)
            {
                edits.Overwrite(at, [(byte)(word >> 31 << 7 | 1)]);
                edits.Zero(at + Header, at + Header + bytes);
            }
            at += Header + bytes;
        }
        return at - box.Payload;
    }
}
