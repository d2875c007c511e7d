namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Position of a part of an item's bytes in the file.</summary>
internal readonly record struct HeifExtent(long Offset, long Length);

/// <summary>One item of a HEIF file: an image, a tile of one, or metadata of one.</summary>
internal sealed record HeifItem(uint Id, string Type, IsoBox Entry)
{
    /// <summary>In the order in which they are joined.</summary>
    public List<HeifExtent> Extents { get; } = [];

    /// <summary>In the order in which they are applied.</summary>
    public List<IsoBox> Properties { get; } = [];

    public IsoBox? Find(string property)
    {
        foreach (var box in Properties)
            if (box.Type == property)
                return box;
        return null;
    }
}

/// <summary>A reference from one item to others, such as <c>dimg</c> to the tiles of an image.</summary>
/// <param name="Type">Type of the reference.</param>
/// <param name="From">The item that refers.</param>
/// <param name="To">The items that it refers to.</param>
/// <param name="Box">Box of the reference.</param>
/// <param name="NumberBytes">Length of each item number in the box, in bytes.</param>
internal sealed record HeifReference(string Type, uint From, IReadOnlyList<uint> To, IsoBox Box, int NumberBytes);

/// <summary>The items of an AVIF or HEIC file: parses the <c>meta</c> box, but no image.</summary>
internal sealed class Heif
{
    private const int MostItems = 5_000,
        MostExtents = 20_000,
        MostReferred = 100_000,
        FullHeader = 4;

    private readonly IsoBoxes _boxes;
    private readonly Dictionary<uint, HeifItem> _items = [];
    private readonly List<IsoBox> _properties = [];
    private IsoBox? _data;
    private int _referred;

    // By the referring item, and by the item they belong to.
    private ILookup<uint, uint> _tiles = Array.Empty<uint>().ToLookup(id => id),
        _auxiliary = Array.Empty<uint>().ToLookup(id => id);

    private Heif(FileBytes file) => _boxes = new(file);

    public FileBytes File => _boxes.File;

    public List<IsoBox> Top { get; } = [];

    /// <summary>End of the last box. Bytes after it belong to no box.</summary>
    public long TopEnd => _boxes.TopEnd;

    /// <summary>Boxes inside kept boxes that belong to no list of boxes.</summary>
    public List<IsoBox> Strays { get; } = [];

    /// <summary>Ranges between two offsets that no reader looks at.</summary>
    public List<(long From, long To)> Unread { get; } = [];

    /// <summary>Children of <c>meta</c>.</summary>
    public List<IsoBox> Parts { get; } = [];

    public IEnumerable<HeifItem> Items => _items.Values;

    public IReadOnlyList<IsoBox> Properties => _properties;

    public List<HeifReference> References { get; } = [];

    public HeifItem Primary { get; private set; } = null!;

    /// <exception cref="MediaRefusedException">The file is broken, or an image sequence.</exception>
    public static Heif Read(FileBytes file)
    {
        var heif = new Heif(file);
        heif.Top.AddRange(heif._boxes.Top(isStill: true));
        if (heif.Top is not [{ Type: "ftyp" } type, ..])
            throw file.Broken("it does not begin with its type");
        if (heif.Top.Any(box => box.Type == "moov") || file.FourCc(type.Payload) is "avis" or "msf1" or "hevc" or "hevx")
            throw new MediaRefusedException(
                $"The file is {file.Format} that moves (a sequence); only still ones are accepted. Post it as GIF, WebP or MP4."
            );
        var metas = heif.Top.Where(box => box.Type == "meta").ToList();
        if (metas.Count != 1)
            throw file.Broken("it has not one header (meta)");
        heif._boxes.Need(metas[0], FullHeader);
        heif.Parts.AddRange(heif._boxes.Children(metas[0], FullHeader));
        heif.ReadParts();
        var end = heif._boxes.TopEnd;
        if (heif.Shown().Any(item => item.Extents.Any(extent => extent.Offset + extent.Length > end)))
            throw file.CutOff();
        return heif;
    }

    public HeifItem Get(uint id) => _items.GetValueOrDefault(id) ?? throw File.Broken($"its item {id} is missing");

    public IEnumerable<HeifItem> TilesOf(HeifItem item) => _tiles[item.Id].Select(Get);

    /// <summary>The alpha images of an item.</summary>
    public IEnumerable<HeifItem> AlphaOf(HeifItem item) => _auxiliary[item.Id].Select(Get).Where(IsAlpha);

    /// <summary>The primary image, the items it is made of, and its alpha. Excludes thumbnails, gain maps and depth maps.</summary>
    public HashSet<HeifItem> Shown()
    {
        var shown = new HashSet<HeifItem>();
        var next = new Stack<HeifItem>([Primary]);
        while (next.TryPop(out var item))
        {
            if (!shown.Add(item))
                continue;
            foreach (var more in TilesOf(item).Concat(AlphaOf(item)))
                next.Push(more);
        }
        return shown;
    }

    /// <summary>Size as stored, before any rotation or crop.</summary>
    public (int Width, int Height) SizeOf(HeifItem item)
    {
        if (item.Find("ispe") is not { } size)
            throw File.Broken("one of its pictures has no size");
        _boxes.Need(size, 12);
        var (width, height) = (File.U32(size.Payload + 4), File.U32(size.Payload + 8));
        return width is > 0 and < int.MaxValue && height is > 0 and < int.MaxValue
            ? ((int)width, (int)height)
            : throw File.Broken($"its picture has {width} × {height} pixels");
    }

    /// <summary>Size as shown: cropped, and upright.</summary>
    public (int Width, int Height) ShownSize()
    {
        var (width, height) = SizeOf(Primary);
        foreach (var property in Primary.Properties)
        {
            switch (property.Type)
            {
                case "irot":
                    _boxes.Need(property, 1);
                    if ((File.U8(property.Payload) & 1) == 1)
                        (width, height) = (height, width);
                    break;
                case "clap":
                    _boxes.Need(property, 32);
                    (width, height) = (Cropped(property.Payload, width), Cropped(property.Payload + 8, height));
                    break;
            }
        }
        return (width, height);
    }

    /// <summary>A byte of an item, counted over its joined extents; null past the end.</summary>
    public byte? ByteOf(HeifItem item, long at)
    {
        foreach (var (offset, length) in item.Extents)
        {
            if (at < length)
                return File.U8(offset + at);
            at -= length;
        }
        return null;
    }

    private int Cropped(long at, int side)
    {
        var (numerator, denominator) = (File.U32(at), File.U32(at + 4));
        var cropped = denominator == 0 ? 0 : Math.Round((double)numerator / denominator);
        return cropped >= 1 && cropped <= side ? (int)cropped : throw File.Broken("it is cropped to more than there is of it");
    }

    private bool IsAlpha(HeifItem item) =>
        item.Find("auxC") is { Size: > FullHeader } auxiliary
        && (
            File.StartsWith(auxiliary.Payload + FullHeader, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"u8)
            || File.StartsWith(auxiliary.Payload + FullHeader, "urn:mpeg:hevc:2015:auxid:1"u8)
        );

    private void ReadParts()
    {
        IsoBox Part(string type) =>
            Parts.FirstOrDefault(box => box.Type == type) is { Type: not null } found
                ? found
                : throw File.Broken($"its header lacks '{type}'");
        ReadItems(Part("iinf"));
        if (Parts.FirstOrDefault(box => box.Type == "idat") is { Type: not null } data)
            _data = data;
        ReadPlaces(Part("iloc"));
        foreach (var part in Parts)
        {
            if (part.Type == "iref")
                ReadReferences(part);
            if (part.Type == "iprp")
                ReadProperties(part);
        }
        _tiles = References
            .Where(r => r.Type == "dimg")
            .SelectMany(r => r.To, (r, to) => (r.From, To: to))
            .ToLookup(r => r.From, r => r.To);
        _auxiliary = References
            .Where(r => r.Type == "auxl")
            .SelectMany(r => r.To, (r, to) => (r.From, To: to))
            .ToLookup(r => r.To, r => r.From);
        var primary = Part("pitm");
        _boxes.Need(primary, Version(primary) == 0 ? 6 : 8);
        Unread.Add((primary.Payload + (Version(primary) == 0 ? 6 : 8), primary.End));
        Primary = Get(Version(primary) == 0 ? File.U16(primary.Payload + FullHeader) : File.U32(primary.Payload + FullHeader));
    }

    private int Version(IsoBox box)
    {
        _boxes.Need(box, FullHeader);
        return File.U8(box.Payload);
    }

    private void ReadItems(IsoBox list)
    {
        var end = list.Payload + FullHeader + (Version(list) == 0 ? 2 : 4);
        foreach (var entry in _boxes.Children(list, (int)(end - list.Payload)))
        {
            end = entry.End;
            if (entry.Type != "infe")
            {
                Strays.Add(entry);
                continue;
            }
            if (Version(entry) is not (2 or 3) and var version)
                throw File.Broken($"it lists its items in version {version}");
            var wide = Version(entry) == 3 ? 2 : 0;
            _boxes.Need(entry, 12 + wide);
            var id = wide == 0 ? File.U16(entry.Payload + FullHeader) : File.U32(entry.Payload + FullHeader);
            if (_items.Count == MostItems || !_items.TryAdd(id, new(id, File.FourCc(entry.Payload + 8 + wide), entry)))
                throw File.Broken($"it has more than {MostItems} items, or one twice");
        }
        Unread.Add((end, list.End));
    }

    private void ReadPlaces(IsoBox list)
    {
        var reader = new Fields(_boxes, list);
        var version = reader.Read(1);
        reader.Read(3);
        var sizes = (int)reader.Read(2);
        var (offsetBytes, lengthBytes, baseBytes, indexBytes) = (
            sizes >> 12,
            sizes >> 8 & 15,
            sizes >> 4 & 15,
            version == 0 ? 0 : sizes & 15
        );
        if (version > 2 || new[] { offsetBytes, lengthBytes, baseBytes, indexBytes }.Any(bytes => bytes is not (0 or 4 or 8)))
            throw File.Broken("its list of places is of no known kind");
        var extents = 0;
        for (var count = reader.Read(version < 2 ? 2 : 4); count > 0; count--)
        {
            var item = Get((uint)reader.Read(version < 2 ? 2 : 4));
            var method = version == 0 ? 0 : reader.Read(2) & 15;
            if (reader.Read(2) != 0 || method > 1)
                throw new MediaRefusedException(
                    $"The file is {File.Format} whose parts lie in other files or in other parts, which is not accepted."
                );
            var (start, end) =
                method == 0 ? (0, File.Length)
                : _data is { } data ? (data.Payload, data.End)
                : throw File.Broken("its header lacks 'idat'");
            var from = reader.Read(baseBytes);
            for (var parts = reader.Read(2); parts > 0; parts--)
            {
                if (++extents > MostExtents)
                    throw File.Broken($"it has more than {MostExtents} parts");
                if (indexBytes > 0)
                    Unread.Add((reader.At, reader.At + indexBytes));
                reader.Read(indexBytes);
                var (offset, length) = (reader.Read(offsetBytes), reader.Read(lengthBytes));
                var at = (UInt128)(ulong)start + from + offset;
                if (at > (ulong)end)
                    throw File.CutOff();
                var room = (ulong)(end - (long)at);
                if (length > room)
                    throw File.CutOff();
                item.Extents.Add(new((long)at, (long)(length == 0 ? room : length)));
            }
        }
        Unread.Add((reader.At, list.End));
    }

    private void ReadReferences(IsoBox list)
    {
        var bytes = Version(list) == 0 ? 2 : 4;
        var end = list.Payload + FullHeader;
        foreach (var box in _boxes.Children(list, FullHeader))
        {
            end = box.End;
            var reader = new Fields(_boxes, box);
            var from = (uint)reader.Read(bytes);
            var to = new uint[reader.Read(2)];
            _referred += to.Length;
            if (_referred > MostReferred)
                throw File.Broken($"its items refer to more than {MostReferred} others");
            for (var i = 0; i < to.Length; i++)
                to[i] = (uint)reader.Read(bytes);
            if (References.Count == MostItems)
                throw File.Broken($"it has more than {MostItems} references");
            References.Add(new(box.Type, from, to, box, bytes));
            Unread.Add((reader.At, box.End));
        }
        Unread.Add((end, list.End));
    }

    private void ReadProperties(IsoBox part)
    {
        IsoBox? all = null;
        var end = part.Payload;
        var placed = new List<IsoBox>();
        foreach (var box in _boxes.Children(part))
        {
            end = box.End;
            if (box.Type == "ipco" && all is null)
                all = box;
            else if (box.Type == "ipma")
                placed.Add(box);
            else
                Strays.Add(box);
        }
        Unread.Add((end, part.End));
        if (all is { } list)
        {
            _properties.AddRange(_boxes.Children(list));
            Unread.Add((_properties.Count > 0 ? _properties[^1].End : list.Payload, list.End));
        }
        if (_properties.Count > MostItems)
            throw File.Broken($"it has more than {MostItems} properties");
        foreach (var box in placed)
        {
            var reader = new Fields(_boxes, box);
            var (version, wide) = (reader.Read(1), (reader.Read(3) & 1) == 1);
            for (var count = reader.Read(4); count > 0; count--)
            {
                var item = Get((uint)reader.Read(version == 0 ? 2 : 4));
                for (var properties = reader.Read(1); properties > 0; properties--)
                {
                    var index = (int)(reader.Read(wide ? 2 : 1) & (wide ? 0x7FFFu : 0x7Fu));
                    if (index > _properties.Count)
                        throw File.Broken("one of its properties is missing");
                    if (index > 0 && item.Properties.Count < 64)
                        item.Properties.Add(_properties[index - 1]);
                }
            }
            Unread.Add((reader.At, box.End));
        }
    }

    /// <summary>Reads consecutive numbers of a box.</summary>
    private sealed class Fields(IsoBoxes boxes, IsoBox box)
    {
        private long _at = box.Payload;

        public long At => _at;

        public ulong Read(int bytes)
        {
            boxes.Need(box, _at - box.Payload + bytes);
            var value = 0UL;
            foreach (var b in boxes.File.Read(_at, bytes))
                value = value << 8 | b;
            _at += bytes;
            return value;
        }
    }
}
