using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace StoriesCli.Server.Storage;

/// <summary>Fields of a document, or items of an array, in its bytes (https://bsonspec.org, version 1.1). Nothing is copied.</summary>
internal readonly struct BsonFields(ReadOnlyMemory<byte> bytes)
{
    /// <summary>Where the first field begins: after the length.</summary>
    public const int First = sizeof(int);

    /// <summary>All values, in the order of their fields.</summary>
    public T[] ToArray<T>(Func<BsonBytes, T> read)
    {
        var count = 0;
        for (var at = First; bytes.Span[at] != 0; count++)
            Next(ref at);
        var values = count == 0 ? [] : new T[count];
        for (int i = 0, at = First; i < count; i++)
            values[i] = read(Next(ref at).Value);
        return values;
    }

    /// <summary>Finds a field, looking from a place on, and from the beginning then.</summary>
    /// <param name="name">Name in ASCII.</param>
    /// <param name="at">Where a field begins; afterwards where the field after the found one begins.</param>
    public RowValue Find(string name, ref int at)
    {
        var start = at;
        do
        {
            if (bytes.Span[at] == 0)
            {
                at = First;
                continue;
            }
            var (named, value) = Next(ref at);
            if (Ascii.Equals(named.Span, name))
                return new(value);
        } while (at != start);
        return default;
    }

    private (ReadOnlyMemory<byte> Name, BsonBytes Value) Next(ref int at)
    {
        var type = (BsonKind)bytes.Span[at];
        var name = bytes[(at + 1)..];
        name = name[..name.Span.IndexOf((byte)0)];
        var value = bytes[(at + 1 + name.Length + 1)..];
        value = value[..BsonBytes.LengthOf(type, value.Span)];
        at += 1 + name.Length + 1 + value.Length;
        return (name, new(type, value));
    }
}

/// <summary>Types of values, by the numbers of BSON. The engine stores no other for rows.</summary>
internal enum BsonKind : byte
{
    None = 0,
    Double = 0x01,
    Text = 0x02,
    Document = 0x03,
    Array = 0x04,
    Binary = 0x05,
    Boolean = 0x08,
    Null = 0x0A,
    Int32 = 0x10,
    Int64 = 0x12,
}

/// <summary>A value in its bytes; the default is none, as for a missing field.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BsonBytes(BsonKind kind, ReadOnlyMemory<byte> bytes)
{
    private const int BinaryHeader = sizeof(int) + 1;

    /// <summary>Whether there is no value, or null.</summary>
    public bool IsNone => kind is BsonKind.None or BsonKind.Null;

    /// <summary>Without the length before it and the zero after it.</summary>
    public string Text => Encoding.UTF8.GetString(Of(BsonKind.Text)[sizeof(int)..^1]);

    public long Whole =>
        kind == BsonKind.Int32
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes.Span)
            : BinaryPrimitives.ReadInt64LittleEndian(Of(BsonKind.Int64));

    public int Int => checked((int)Whole);

    public double Number => kind == BsonKind.Double ? BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span) : Whole;

    public bool IsTrue => kind == BsonKind.Boolean && bytes.Span[0] != 0;

    public byte[] Binary => Of(BsonKind.Binary)[BinaryHeader..].ToArray();

    public ReadOnlyMemory<byte> Document =>
        kind is BsonKind.Document or BsonKind.Array ? bytes : throw new InvalidDataException($"A field of type {kind} is no document.");

    /// <summary>Number of bytes of a value that begins here.</summary>
    public static int LengthOf(BsonKind kind, ReadOnlySpan<byte> bytes) =>
        kind switch
        {
            BsonKind.Double or BsonKind.Int64 => sizeof(long),
            BsonKind.Int32 => sizeof(int),
            BsonKind.Boolean => 1,
            BsonKind.Null => 0,
            BsonKind.Text => sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BsonKind.Binary => BinaryHeader + BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BsonKind.Document or BsonKind.Array => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => throw new InvalidDataException($"A row has a field of the unknown type {kind}."),
        };

    private ReadOnlySpan<byte> Of(BsonKind wanted) =>
        kind == wanted ? bytes.Span : throw new InvalidDataException($"A field of type {kind} was read as {wanted}.");
}
