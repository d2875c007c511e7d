using System.Buffers.Binary;
using System.Text;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>The boxes of an MP4, MOV or HEIF file as a tree, for inserting something into each of them.</summary>
internal sealed class IsoTree
{
    // Boxes with children, and the number of bytes before these.
    private static readonly Dictionary<string, int> Skipped = new()
    {
        ["moov"] = 0,
        ["trak"] = 0,
        ["mdia"] = 0,
        ["minf"] = 0,
        ["stbl"] = 0,
        ["edts"] = 0,
        ["dinf"] = 0,
        ["tref"] = 0,
        ["mvex"] = 0,
        ["moof"] = 0,
        ["traf"] = 0,
        ["mfra"] = 0,
        ["stsd"] = 8,
        ["dref"] = 8,
        ["avc1"] = 78,
        ["mp4a"] = 28,
        ["iprp"] = 0,
        ["ipco"] = 0,
        ["meta"] = 4,
    };

    public string Type { get; private init; } = "";

    /// <summary>The payload, or the part of it before the children.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Null when it has none.</summary>
    public List<IsoTree>? Children { get; private set; }

    public static IsoTree Leaf(string type, params byte[] payload) => new() { Type = type, Bytes = payload };

    public static IsoTree Of(string type, params IsoTree[] children) => new() { Type = type, Children = [.. children] };

    public static IsoTree Parse(ReadOnlySpan<byte> file) => new() { Children = ParseAll(file) };

    /// <summary>All descendants, with the names of their ancestors.</summary>
    public IEnumerable<(string Path, IsoTree Box)> All(string path = "")
    {
        foreach (var child in Children ?? [])
        {
            var at = path.Length == 0 ? child.Type : $"{path}/{child.Type}";
            yield return (at, child);
            foreach (var inner in child.All(at))
                yield return inner;
        }
    }

    public byte[] Write()
    {
        var inner = Bytes.Concat((Children ?? []).SelectMany(child => child.Write())).ToArray();
        if (Type.Length == 0)
            return inner;
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, 8 + inner.Length);
        return [.. size, .. Encoding.Latin1.GetBytes(Type), .. inner];
    }

    private static List<IsoTree> ParseAll(ReadOnlySpan<byte> bytes)
    {
        var boxes = new List<IsoTree>();
        while (bytes.Length >= 8)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(bytes);
            var type = Encoding.Latin1.GetString(bytes[4..8]);
            var payload = bytes[8..size];
            // QuickTime has more fields before the child boxes of a sound description.
            var more =
                type == "mp4a" && payload.Length > 36
                    ? payload[9] switch
                    {
                        1 => 16,
                        2 => 36,
                        _ => 0,
                    }
                    : 0;
            boxes.Add(
                Skipped.TryGetValue(type, out var skip) && (skip += more) >= 0
                    ? new()
                    {
                        Type = type,
                        Bytes = payload[..skip].ToArray(),
                        Children = ParseAll(payload[skip..]),
                    }
                    : new() { Type = type, Bytes = payload.ToArray() }
            );
            bytes = bytes[size..];
        }
        return boxes;
    }
}
