using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>Even parts that play can carry more: unknown boxes, repeated ones, and bytes after the last number of a table. Cleaning removes all of it.</summary>
public sealed class CarrierTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(SampleMedia.Secret);

    // Includes known types, which are no better than unknown ones where they do not belong.
    private static readonly string[] Carriers =
    [
        "udta",
        "uuid",
        "meta",
        "free",
        "skip",
        "saio",
        "gpsC",
        "locC",
        "clip",
        "matt",
        "load",
        "kmat",
        "trgr",
        "ctab",
        "sidx",
        "ssix",
        "pdin",
        "styp",
        "mfra",
        "emsg",
        "subs",
        "sdtp",
        "stdp",
        "padb",
        "leva",
        "elng",
        "wave",
        "glbl",
        "strf",
        "btrt",
        "colr",
        "auxi",
        "dfLa",
        "SMI ",
        "sv3d",
        "vexu",
        "avcC",
        "esds",
        "mvhd",
        "tkhd",
        "stts",
        "elst",
        "auxl",
    ];

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("video.mov")]
    [InlineData("fragmented.mp4")]
    public async Task No_box_of_a_video_carries_more_than_what_plays(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        var facts = Inspecting.Inspect(media.Write(bytes, name));
        foreach (var (path, index) in IsoTree.Parse(bytes).All().Select((it, index) => (it.Path, index)))
        {
            if (path is "mdat" or "free" or "wide")
                continue;
            // At the end of the box: as another child, or, where it has no children, as extra bytes.
            foreach (var carrier in IsoTree.Parse(bytes).All().ElementAt(index).Box.Children is null ? [""] : Carriers)
            {
                var tree = IsoTree.Parse(bytes);
                var box = tree.All().ElementAt(index).Box;
                if (carrier.Length == 0)
                    box.Bytes = [.. box.Bytes, .. Secret];
                else
                    box.Children!.Add(Carry(carrier));
                var written = media.Write(tree.Write(), name);

                Inspecting.RemoveMetadata(written);

                Holds(written).Should().BeFalse($"{carrier} in {path}");
                Inspecting.Inspect(written).Should().Be(facts, $"{carrier} in {path}");
                Inspecting.RemoveMetadata(written).Changed.Should().BeFalse($"{carrier} in {path}");
                File.Delete(written);
            }
        }
    }

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("video.mov")]
    public async Task A_video_full_of_carriers_plays_as_before(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        var tree = IsoTree.Parse(bytes);
        foreach (var (path, box) in tree.All().ToList())
        {
            if (path is "mdat" or "free" or "wide" or "ftyp")
                continue;
            if (box.Children is null)
                box.Bytes = [.. box.Bytes, .. Secret];
            else
                box.Children.AddRange(Carriers.Where(carrier => !IsConfusing(carrier)).Select(Carry));
        }
        var written = media.Write(tree.Write(), name);

        Inspecting.RemoveMetadata(written);

        Holds(written).Should().BeFalse();
        (await Tools.DecodedHashAsync(written)).Should().Be(await Tools.DecodedHashAsync(media.Write(bytes, name)));
        (await Tools.ComplaintsAsync(written)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("+frag_keyframe+empty_moov+default_base_moof")]
    [InlineData("+frag_keyframe+empty_moov+default_base_moof+global_sidx")]
    [InlineData("dash")]
    public async Task A_fragmented_video_plays_and_is_sought_without_its_index(string how)
    {
        var path = media.Write([], "fragments.mp4");
        await Tools.FfmpegAsync(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=160x90:rate=10:duration=8",
            "-pix_fmt",
            "yuv420p",
            "-g",
            "10",
            "-movflags",
            how,
            path
        );
        var bytes = await File.ReadAllBytesAsync(path);
        (IndexOf(bytes, "mfra") + IndexOf(bytes, "sidx")).Should().BeGreaterThan(-2, "it has an index");
        var (decoded, sought, duration) = (
            await Tools.DecodedHashAsync(path),
            await LastPictureAsync(path),
            await Tools.ProbeAsync(path, "format=duration")
        );

        Inspecting.RemoveMetadata(path);

        bytes = await File.ReadAllBytesAsync(path);
        (IndexOf(bytes, "mfra"), IndexOf(bytes, "sidx"), IndexOf(bytes, "styp")).Should().Be((-1, -1, -1));
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        (await LastPictureAsync(path)).Should().Be(sought);
        (await Tools.ProbeAsync(path, "format=duration")).Should().Equal(duration);
    }

    [Fact]
    public async Task A_brand_that_nobody_knows_says_nothing_any_longer()
    {
        var tree = IsoTree.Parse(await SampleMedia.ReadAsync("video.mp4"));
        tree.Children![0].Bytes = [.. tree.Children[0].Bytes, .. "GEHEIM48"u8];
        var path = media.Write(Shifted(tree), "brands.mp4");

        Inspecting.RemoveMetadata(path);

        Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path)).Should().NotContain("GEHE").And.Contain("isomiso2avc1mp41isomisom");
    }

    // Includes known elements: Void, Tags, attachments, BlockAdditionMapping, ContentEncodings, languages, a second CodecPrivate.
    private static readonly string[] Elements =
    [
        "EC",
        "1254C367",
        "1941A469",
        "1043A770",
        "BF",
        "C9",
        "1A2B3C4D",
        "7BA9",
        "536E",
        "4461",
        "67C8",
        "258688",
        "41E4",
        "6D80",
        "2EB524",
        "7670",
        "22B59C",
        "22B59D",
        "63A2",
        "55B0",
        "E2",
        "A4",
        "A7",
        "E7",
        "86",
        "E0",
        "E1",
        "75A1",
        "4282",
        "4D80",
        "B5",
        "73C5",
    ];

    [Theory]
    [InlineData("video.webm")]
    [InlineData("sound.webm")]
    public async Task No_element_of_a_WebM_carries_more_than_what_plays(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        var (facts, paths) = (Inspecting.Inspect(media.Write(bytes, name)), EbmlTree.Parse(bytes).All().ToList());
        for (var index = 0; index < paths.Count; index++)
        {
            // One block of each kind stands for the others.
            if (paths[index].Element.Children is null || paths.FindIndex(it => it.Path == paths[index].Path) != index)
                continue;
            foreach (var id in Elements)
            {
                var tree = EbmlTree.Parse(bytes);
                tree.All().ElementAt(index).Element.Children!.Add(EbmlTree.Leaf(id, Secret));
                var written = media.Write(tree.Write(), name);

                Inspecting.RemoveMetadata(written);

                Holds(written).Should().BeFalse($"{id} in {paths[index].Path}");
                Inspecting.Inspect(written).Should().Be(facts, $"{id} in {paths[index].Path}");
                File.Delete(written);
            }
        }
    }

    [Fact]
    public async Task A_WebM_full_of_carriers_plays_as_before()
    {
        var bytes = await SampleMedia.ReadAsync("video.webm");
        var tree = EbmlTree.Parse(bytes);
        foreach (var (path, element) in tree.All().ToList())
            if (path.Contains('/', StringComparison.Ordinal))
                element.Children?.AddRange(Elements[..10].Select(id => EbmlTree.Leaf(id, Secret)));
        var written = media.Write(tree.Write(), "full.webm");

        Inspecting.RemoveMetadata(written);

        Holds(written).Should().BeFalse();
        (await Tools.DecodedHashAsync(written)).Should().Be(await Tools.DecodedHashAsync(media.Write(bytes, "video.webm")));
    }

    [Theory]
    [InlineData("de", true)]
    [InlineData("und", true)]
    [InlineData("zh-Hant-TW", true)]
    [InlineData("de-x-48-2N-16-3E", false)]
    [InlineData("GEHEIM", false)]
    public async Task A_language_is_one_or_nothing(string language, bool stays)
    {
        var tree = EbmlTree.Parse(await SampleMedia.ReadAsync("sound.webm"));
        var entry = tree.All().First(it => it.Path.EndsWith("/AE", StringComparison.Ordinal)).Element;
        entry.Children!.RemoveAll(child => child.Id is "22B59C" or "22B59D");
        entry.Children.Add(EbmlTree.Leaf("22B59D", Encoding.ASCII.GetBytes(language)));
        var path = media.Write(tree.Write(), "language.webm");

        Inspecting.RemoveMetadata(path);

        IndexOf(await File.ReadAllBytesAsync(path), language).Should().Match(at => at >= 0 == stays);
    }

    [Theory]
    [InlineData(0x01, "")]
    [InlineData(0x42, "")]
    [InlineData(0xFE, "")]
    [InlineData(0xFF, "XMP DataXMP")]
    [InlineData(0xFF, "NETSCAPE2.0")]
    [InlineData(0xFF, "ICCRGBG1012")]
    [InlineData(0xF9, "")]
    public async Task An_extension_of_a_GIF_carries_nothing(byte label, string application)
    {
        var gif = await SampleMedia.ReadAsync("moving.gif");
        var start = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 << ((gif[10] & 7) + 1));
        byte[] head = label switch
        {
            0x01 => [12, .. new byte[12]],
            0xFF => [11, .. Encoding.ASCII.GetBytes(application)],
            _ => [],
        };
        byte[] loop = application == "NETSCAPE2.0" ? [3, 1, 0, 0] : [];
        var path = media.Write(
            [.. gif[..start], 0x21, label, .. head, .. loop, (byte)Secret.Length, .. Secret, 0, .. gif[start..]],
            "told.gif"
        );
        var decoded = await Tools.DecodedHashAsync(media.Write(gif, "moving.gif"));

        Inspecting.RemoveMetadata(path);

        Holds(path).Should().BeFalse();
        new FileInfo(path).Length.Should().Be(gif.Length);
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        Inspecting.RemoveMetadata(path).Changed.Should().BeFalse();
    }

    [Theory]
    [InlineData("XMP ")]
    [InlineData("EXIF")]
    [InlineData("JUNK")]
    [InlineData("VP8 ")]
    public async Task A_frame_of_a_WebP_carries_nothing_but_its_picture(string type)
    {
        var webp = await SampleMedia.ReadAsync("moving.webp");
        var frame = IndexOf(webp, "ANMF");
        var size = BinaryPrimitives.ReadInt32LittleEndian(webp.AsSpan(frame + 4));
        byte[] chunk = [.. Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(Secret.Length), .. Secret];
        byte[] told = [.. webp[..(frame + 8 + size)], .. chunk, .. webp[(frame + 8 + size)..]];
        BinaryPrimitives.WriteInt32LittleEndian(told.AsSpan(frame + 4), size + chunk.Length);
        BinaryPrimitives.WriteInt32LittleEndian(told.AsSpan(4), BinaryPrimitives.ReadInt32LittleEndian(webp.AsSpan(4)) + chunk.Length);
        var path = media.Write(told, "told.webp");

        Inspecting.RemoveMetadata(path);

        (await File.ReadAllBytesAsync(path)).Should().Equal(webp);
    }

    [Theory]
    [InlineData("tEXt")]
    [InlineData("hIST")]
    [InlineData("sPLT")]
    [InlineData("pHYs")]
    [InlineData("bKGD")]
    [InlineData("tRNS")]
    [InlineData("iCCP")]
    [InlineData("cHRM")]
    [InlineData("sBIT")]
    [InlineData("fcTL")]
    [InlineData("acTL")]
    [InlineData("fdAT")]
    [InlineData("PLTE")]
    [InlineData("IEND")]
    public async Task A_chunk_of_a_PNG_is_as_long_as_it_may_be_or_goes(string type)
    {
        var png = await SampleMedia.ReadAsync("photo.png");
        var at = type == "IEND" ? png.Length - 12 : 33;
        var path = media.Write([.. png[..at], .. Chunk(type, Secret), .. png[at..]], "told.png");
        var decoded = await Tools.DecodedHashAsync(media.Write(png, "photo.png"));

        Inspecting.RemoveMetadata(path);

        Holds(path).Should().BeFalse();
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        Inspecting.RemoveMetadata(path).Changed.Should().BeFalse();
    }

    [Theory]
    [InlineData(0xEE, "Adobe\0d\0\0\0\0\0")]
    [InlineData(0xDC, "")]
    [InlineData(0xDD, "")]
    [InlineData(0xE2, "")]
    [InlineData(0xF5, "")]
    [InlineData(0xFE, "")]
    public async Task A_segment_of_a_JPEG_is_as_long_as_it_may_be_or_goes(byte marker, string begin)
    {
        var picture = await SampleMedia.ReadAsync("photo.jpg");
        byte[] payload = [.. Encoding.Latin1.GetBytes(begin), .. Secret];
        byte[] carrying = [.. picture[..2], 0xFF, marker, 0, (byte)(2 + payload.Length), .. payload, .. picture[2..]];
        var path = media.Write(carrying, "told.jpg");

        Inspecting.RemoveMetadata(path);

        Holds(path).Should().BeFalse();
        Inspecting.RemoveMetadata(path).Changed.Should().BeFalse();
    }

    [Fact]
    public async Task Of_each_chunk_of_a_PNG_one_stays()
    {
        var png = await SampleMedia.ReadAsync("photo.png");
        byte[] many = [.. Enumerable.Range(0, 1000).SelectMany(i => Chunk("bKGD", 0, (byte)(i >> 8), 0, (byte)i, 0, 0))];
        var path = media.Write([.. png[..33], .. many, .. png[33..]], "many.png");

        Inspecting.RemoveMetadata(path);

        (await File.ReadAllBytesAsync(path)).Should().Equal([.. png[..33], .. Chunk("bKGD", 0, 0, 0, 0, 0, 0), .. png[33..]]);
    }

    [Fact]
    public async Task The_profile_of_a_PNG_loses_its_name_and_what_is_none_goes()
    {
        var png = await SampleMedia.ReadAsync("photo.png");
        var profile = new byte[128];
        "acsp"u8.CopyTo(profile.AsSpan(36));
        var path = media.Write([.. png[..33], .. Chunk("iCCP", [.. Secret, 0, 0, .. Compress(profile)]), .. png[33..]], "profile.png");
        var none = media.Write([.. png[..33], .. Chunk("iCCP", [.. "ICC"u8, 0, 0, .. Compress(Secret)]), .. png[33..]], "none.png");

        Inspecting.RemoveMetadata(path);
        Inspecting.RemoveMetadata(none);

        (await File.ReadAllBytesAsync(path))
            .Should()
            .Equal([.. png[..33], .. Chunk("iCCP", [.. "ICC"u8, 0, 0, .. Compress(profile)]), .. png[33..]]);
        (await File.ReadAllBytesAsync(none)).Should().Equal(png);
    }

    [Theory]
    [InlineData("LEAK")]
    [InlineData("CgBI")]
    public async Task A_PNG_of_a_chunk_that_no_decoder_may_ignore_is_refused(string type)
    {
        var png = await SampleMedia.ReadAsync("photo.png");

        var inspecting = () => Inspecting.Inspect(media.Write([.. png[..33], .. Chunk(type, Secret), .. png[33..]]));

        inspecting.Should().Throw<MediaRefusedException>().WithMessage($"*{type}*");
    }

    [Theory]
    [InlineData("sound.wav")]
    [InlineData("compressed.wav")]
    public async Task A_WAV_has_one_format_and_its_sound(string name)
    {
        var wav = await SampleMedia.ReadAsync(name);
        var decoded = await Tools.DecodedHashAsync(media.Write(wav, name));
        foreach (var type in (string[])["cue ", "smpl", "inst", "plst", "PEAK", "slnt", "fact", "fmt ", "LIST", "bext"])
        {
            byte[] chunks =
            [
                .. Encoding.ASCII.GetBytes("fact"),
                4,
                0,
                0,
                0,
                0,
                0x77,
                1,
                0,
                .. Encoding.ASCII.GetBytes(type),
                .. BitConverter.GetBytes(Secret.Length),
                .. Secret,
            ];
            byte[] told = [.. wav, .. chunks];
            BinaryPrimitives.WriteInt32LittleEndian(told.AsSpan(4), told.Length - 8);
            var path = media.Write(told, name);

            Inspecting.RemoveMetadata(path);

            Holds(path).Should().BeFalse(type);
            if (type is "fact" or "fmt ")
                (await Tools.DecodedHashAsync(path)).Should().Be(decoded, type);
        }
    }

    [Fact]
    public async Task What_the_format_of_plain_sound_says_beyond_its_numbers_goes()
    {
        var wav = await SampleMedia.ReadAsync("sound.wav");
        byte[] told =
        [
            .. wav[..16],
            (byte)(16 + 2 + Secret.Length),
            0,
            0,
            0,
            .. wav[20..36],
            (byte)Secret.Length,
            0,
            .. Secret,
            .. wav[36..],
        ];
        BinaryPrimitives.WriteInt32LittleEndian(told.AsSpan(4), told.Length - 8);
        var path = media.Write(told, "format.wav");

        Inspecting.RemoveMetadata(path);

        Holds(path).Should().BeFalse();
        (await Tools.DecodedHashAsync(path)).Should().Be(await Tools.DecodedHashAsync(media.Write(wav, "sound.wav")));
    }

    private static IsoTree Carry(string type) =>
        type switch
        {
            "mfra" => IsoTree.Of("mfra", IsoTree.Leaf("uuid", Secret)),
            "auxl" => IsoTree.Of("tref", IsoTree.Leaf("auxl", Secret)),
            "clip" => IsoTree.Of("tapt", IsoTree.Leaf("clef", [.. new byte[12], .. Secret]), IsoTree.Leaf("uuid", Secret)),
            _ => IsoTree.Leaf(type, [0, 0, 0, 0, .. Secret]),
        };

    /// <summary>Players use the last box of these types, whatever it contains.</summary>
    private static bool IsConfusing(string type) => type is "mvhd" or "tkhd" or "stts" or "elst" or "avcC" or "esds";

    /// <summary>Serialised so that the samples do not move, for a file whose header follows them.</summary>
    private static byte[] Shifted(IsoTree tree)
    {
        var spare = tree.Children!.Find(box => box.Type == "free")!;
        tree.Children.Remove(spare);
        return tree.Write();
    }

    private static Task<string> LastPictureAsync(string path) =>
        Tools.FfmpegAsync("-ss", "7.5", "-i", path, "-frames:v", "1", "-f", "framemd5", "-");

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (
            var stream = new System.IO.Compression.ZLibStream(compressed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true)
        )
            stream.Write(bytes);
        return compressed.ToArray();
    }

    private static byte[] Chunk(string type, params byte[] payload)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. payload, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc32.HashToUInt32(chunk.AsSpan(4..^4)));
        return chunk;
    }

    private static bool Holds(string path) => File.ReadAllBytes(path).AsSpan().IndexOf(Secret) >= 0;

    private static int IndexOf(byte[] bytes, string type) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type));
}
