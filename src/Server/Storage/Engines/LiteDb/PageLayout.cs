using System.Buffers.Binary;
using System.Text;
using LiteDB;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

internal enum PageType
{
    Empty,
    Header,
    Collection,
    Index,
    Data,
}

/// <summary>An entry of an id index: the row's id, and where its document begins.</summary>
internal readonly record struct IdEntry(string Id, long Page, int Item);

/// <summary>A part of a document, and where it continues. A document of one part ends there.</summary>
internal readonly record struct DocumentPart(bool IsFirst, long NextPage, int NextItem, ReadOnlyMemory<byte> Bytes)
{
    public bool IsLast => NextPage == uint.MaxValue;
}

/// <summary>
/// The layout of LiteDB 5's 8 KiB pages, as far as it is needed to salvage rows from a damaged file. Everything is checked against the page's
/// bounds; anything out of bounds is skipped.
/// </summary>
internal static class PageLayout
{
    public const int TypeAt = 4;
    public const int SpareAt = 31;

    private const int Bytes = PageFrame.PageBytes,
        TransactionAt = 14,
        ConfirmedAt = 18,
        CollectionAt = 19,
        HighestItemAt = 30,
        HeaderBytes = 32;
    private const int CollectionsAt = 192,
        CollectionsBytes = 8000;
    private const int SlotBytes = 4,
        PartHeaderBytes = 6,
        AddressBytes = 5,
        LevelsAt = 1,
        DataAddressAt = 2,
        LinksAt = 12;
    private const byte NoItem = byte.MaxValue;
    private const int TextType = 6,
        TypeBits = 0x3F,
        LengthBits = 0xC0;

    public static uint IdOf(ReadOnlySpan<byte> page) => UInt32(page, 0);

    public static PageType TypeOf(ReadOnlySpan<byte> page) => (PageType)page[TypeAt];

    public static uint TransactionOf(ReadOnlySpan<byte> page) => UInt32(page, TransactionAt);

    public static bool IsConfirmed(ReadOnlySpan<byte> page) => page[ConfirmedAt] != 0;

    /// <summary>The page number of the collection that this page belongs to.</summary>
    public static uint CollectionOf(ReadOnlySpan<byte> page) => UInt32(page, CollectionAt);

    /// <summary>Names of the collections by page number, from the header page.</summary>
    public static IReadOnlyDictionary<uint, string> Collections(byte[] header)
    {
        var document = BsonSerializer.Deserialize(header.AsSpan(CollectionsAt, CollectionsBytes).ToArray());
        return document.ToDictionary(pair => (uint)pair.Value.AsInt32, pair => pair.Key);
    }

    /// <summary>Parts of documents in a data page, by item number.</summary>
    public static IEnumerable<(int Item, DocumentPart Part)> Parts(byte[] page)
    {
        foreach (var (item, at, length) in Items(page))
        {
            if (length < PartHeaderBytes)
                continue;
            yield return (
                item,
                new(
                    page[at] == 0,
                    UInt32(page, at + 1),
                    page[at + AddressBytes],
                    page.AsMemory(at + PartHeaderBytes, length - PartHeaderBytes)
                )
            );
        }
    }

    /// <summary>Id entries of an index page; entries of other indexes are skipped.</summary>
    public static IEnumerable<IdEntry> Ids(byte[] page)
    {
        foreach (var (_, at, length) in Items(page))
        {
            var key = LinksAt + page[at + LevelsAt] * AddressBytes * 2;
            // The first index of a collection is always that of the ids, and ids are strings.
            if (length < LinksAt || page[at] != 0 || key + 2 > length || (page[at + key] & TypeBits) != TextType)
                continue;
            var bytes = ((page[at + key] & LengthBits) << 2) | page[at + key + 1];
            if (key + 2 + bytes > length)
                continue;
            yield return new(
                Encoding.UTF8.GetString(page, at + key + 2, bytes),
                UInt32(page, at + DataAddressAt),
                page[at + DataAddressAt + AddressBytes - 1]
            );
        }
    }

    private static IEnumerable<(int Item, int At, int Length)> Items(byte[] page)
    {
        if (page[HighestItemAt] == NoItem)
            yield break;
        for (var item = 0; item <= page[HighestItemAt]; item++)
        {
            var slot = Bytes - (item + 1) * SlotBytes;
            if (slot < HeaderBytes)
                yield break;
            var length = BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(slot));
            var at = BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(slot + 2));
            if (at >= HeaderBytes && length > 0 && at + length <= slot)
                yield return (item, at, length);
        }
    }

    private static uint UInt32(ReadOnlySpan<byte> page, int at) => BinaryPrimitives.ReadUInt32LittleEndian(page[at..]);
}
