using System.Runtime.InteropServices;
using LiteDB;

namespace StoriesCli.Server.Storage;

/// <summary>A row as named fields, in the order in which they were set. It hides from features how the engine stores them.</summary>
internal sealed class RowDocument
{
    internal RowDocument(BsonDocument stored) => Stored = stored;

    public RowDocument()
        : this([]) { }

    internal BsonDocument Stored { get; }

    /// <summary>A field. A missing one reads as null.</summary>
    public RowValue this[string field]
    {
        get => new(Stored[field]);
        set => Stored[field] = value.Stored;
    }
}

/// <summary>Value of one field, or none. Times are stored as whole milliseconds since 1970, in UTC.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct RowValue
{
    private readonly BsonValue? _stored;

    internal RowValue(BsonValue? stored) => _stored = stored;

    internal BsonValue Stored => _stored ?? BsonValue.Null;

    public bool IsNull => Stored.IsNull;

    /// <summary>A string; null only where the row allows null.</summary>
    public string Text => Stored.AsString;
    public int Int => Stored.AsInt32;
    public int? IntOrNull => IsNull ? null : Stored.AsInt32;
    public long Long => Stored.AsInt64;
    public long? LongOrNull => IsNull ? null : Stored.AsInt64;
    public double Double => Stored.AsDouble;

    /// <summary>Also false for a row from before the field existed.</summary>
    public bool Flag => Stored is { IsBoolean: true, AsBoolean: true };
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Stored.AsInt64);
    public DateTimeOffset? TimeOrNull => IsNull ? null : Time;
    public byte[] Bytes => Stored.AsBinary;

    /// <summary>Also empty for a row from before the field existed.</summary>
    public string[] Texts => TextsOrNull ?? [];
    public string[]? TextsOrNull => IsNull ? null : [.. Stored.AsArray.Select(value => value.AsString)];

    /// <summary>Also empty for a row from before the field existed.</summary>
    public int[] Ints => IntsOrNull ?? [];
    public int[]? IntsOrNull => IsNull ? null : [.. Stored.AsArray.Select(value => value.AsInt32)];
    public RowDocument? Document => IsNull ? null : new(Stored.AsDocument);

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
