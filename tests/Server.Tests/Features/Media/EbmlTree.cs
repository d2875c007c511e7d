using System.Numerics;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>The elements of a WebM file as a tree, for inserting something into each of them.</summary>
internal sealed class EbmlTree
{
    private static readonly HashSet<string> Masters =
    [
        "1A45DFA3",
        "18538067",
        "1549A966",
        "1654AE6B",
        "AE",
        "1F43B675",
        "A0",
        "E0",
        "E1",
        "114D9B74",
        "4DBB",
        "1C53BB6B",
        "BB",
        "B7",
        "55B0",
    ];

    public string Id { get; private init; } = "";

    /// <summary>Null when it has none.</summary>
    public List<EbmlTree>? Children { get; private init; }

    private byte[] Bytes { get; init; } = [];

    public static EbmlTree Leaf(string id, byte[] payload) => new() { Id = id, Bytes = payload };

    public static EbmlTree Parse(ReadOnlySpan<byte> file) => new() { Children = ParseAll(file) };

    /// <summary>All descendants, with the ids of their ancestors.</summary>
    public IEnumerable<(string Path, EbmlTree Element)> All(string path = "")
    {
        foreach (var child in Children ?? [])
        {
            var at = path.Length == 0 ? child.Id : $"{path}/{child.Id}";
            yield return (at, child);
            foreach (var inner in child.All(at))
                yield return inner;
        }
    }

    public byte[] Write()
    {
        var inner = Bytes.Concat((Children ?? []).SelectMany(child => child.Write())).ToArray();
        if (Id.Length == 0)
            return inner;
        var size = BitConverter.GetBytes((ulong)(uint)inner.Length | 1UL << 56);
        Array.Reverse(size);
        return [.. Convert.FromHexString(Id), .. size, .. inner];
    }

    private static List<EbmlTree> ParseAll(ReadOnlySpan<byte> bytes)
    {
        var elements = new List<EbmlTree>();
        while (!bytes.IsEmpty)
        {
            var idBytes = BitOperations.LeadingZeroCount((uint)bytes[0]) - 23;
            var id = Convert.ToHexString(bytes[..idBytes]);
            var sizeBytes = BitOperations.LeadingZeroCount((uint)bytes[idBytes]) - 23;
            ulong size = 0;
            foreach (var b in bytes.Slice(idBytes, sizeBytes))
                size = size << 8 | b;
            size &= (1UL << (7 * sizeBytes)) - 1;
            var payload = bytes.Slice(idBytes + sizeBytes, (int)size);
            elements.Add(
                Masters.Contains(id) ? new() { Id = id, Children = ParseAll(payload) } : new() { Id = id, Bytes = payload.ToArray() }
            );
            bytes = bytes[(idBytes + sizeBytes + payload.Length)..];
        }
        return elements;
    }
}
