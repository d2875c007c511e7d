using System.Runtime.InteropServices;
using LiteDB;

namespace StoriesCli.Server.Storage;

/// <summary>
/// A row as named fields, in the order in which they were set. It hides from features how the engine stores them. One that is read
/// from the bytes of a page makes nothing but the values that are asked for: a start reads every row.
/// </summary>
internal sealed class RowDocument
{
    private readonly BsonFields _bytes;
    private readonly BsonDocument? _stored;

    // Rows are read in the order in which they were written, so the next field is most often the one after the last.
    private int _at = BsonFields.First;

    internal RowDocument(BsonDocument stored) => _stored = stored;

    /// <param name="bytes">The document as BSON, which must stay as it is while it is read.</param>
    internal RowDocument(ReadOnlyMemory<byte> bytes) => _bytes = new(bytes);

    public RowDocument()
        : this([]) { }

    internal BsonDocument Stored => _stored ?? throw new InvalidOperationException("A row that was read from a page is not for writing.");

    /// <summary>A field. A missing one reads as null.</summary>
    public RowValue this[string field]
    {
        get => _stored is null ? _bytes.Find(field, ref _at) : new(_stored[field]);
        set => Stored[field] = value.Stored;
    }
}

/// <summary>Value of one field, or none. Times are stored as whole milliseconds since 1970, in UTC.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct RowValue
{
    private readonly BsonValue? _stored;
    private readonly BsonBytes _bytes;

    internal RowValue(BsonValue? stored) => _stored = stored;

    internal RowValue(BsonBytes bytes) => _bytes = bytes;

    internal BsonValue Stored => _stored ?? BsonValue.Null;

    public bool IsNull => _bytes.IsNone && Stored.IsNull;

    /// <summary>A string; null only where the row allows null.</summary>
    public string Text => _bytes.IsNone ? Stored.AsString : _bytes.Text;
    public int Int => _bytes.IsNone ? Stored.AsInt32 : _bytes.Int;
    public int? IntOrNull => IsNull ? null : Int;
    public long Long => _bytes.IsNone ? Stored.AsInt64 : _bytes.Whole;
    public long? LongOrNull => IsNull ? null : Long;
    public double Double => _bytes.IsNone ? Stored.AsDouble : _bytes.Number;

    /// <summary>Also false for a row from before the field existed.</summary>
    public bool Flag => _bytes.IsNone ? Stored is { IsBoolean: true, AsBoolean: true } : _bytes.IsTrue;
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Long);
    public DateTimeOffset? TimeOrNull => IsNull ? null : Time;
    public byte[] Bytes => _bytes.IsNone ? Stored.AsBinary : _bytes.Binary;

    /// <summary>Also empty for a row from before the field existed.</summary>
    public string[] Texts => TextsOrNull ?? [];
    public string[]? TextsOrNull =>
        IsNull ? null
        : _bytes.IsNone ? [.. Stored.AsArray.Select(item => item.AsString)]
        : new BsonFields(_bytes.Document).ToArray(item => item.Text);

    /// <summary>Also empty for a row from before the field existed.</summary>
    public int[] Ints => IntsOrNull ?? [];
    public int[]? IntsOrNull =>
        IsNull ? null
        : _bytes.IsNone ? [.. Stored.AsArray.Select(item => item.AsInt32)]
        : new BsonFields(_bytes.Document).ToArray(item => item.Int);
    public RowDocument? Document =>
        IsNull ? null
        : _bytes.IsNone ? new(Stored.AsDocument)
        : new(_bytes.Document);

    public static implicit operator RowValue(string? value) => new(value);

    public static implicit operator RowValue(int value) => new(value);

    public static implicit operator RowValue(int? value) => value is { } number ? new(number) : default;

    public static implicit operator RowValue(long value) => new(value);

    public static implicit operator RowValue(long? value) => value is { } number ? new(number) : default;

    public static implicit operator RowValue(double value) => new(value);

    public static implicit operator RowValue(bool value) => new(value);

    public static implicit operator RowValue(DateTimeOffset value) => new(value.ToUnixTimeMilliseconds());

    public static implicit operator RowValue(DateTimeOffset? value) => value is { } time ? new(time.ToUnixTimeMilliseconds()) : default;

    public static implicit operator RowValue(byte[] value) => new(value);

    public static implicit operator RowValue(string[]? value) =>
        value is null ? default : new(new BsonArray(value.Select(text => new BsonValue(text))));

    public static implicit operator RowValue(int[]? value) =>
        value is null ? default : new(new BsonArray(value.Select(number => new BsonValue(number))));

    public static implicit operator RowValue(RowDocument? value) => new(value?.Stored);
}
