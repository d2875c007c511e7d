using System.Buffers.Binary;
using System.IO.Hashing;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>A page of the log with a header: hash, magic, salt, index, page. The hash covers everything after it.</summary>
internal sealed class PageFrame
{
    public const int PageBytes = 8192;
    public const int HeaderBytes = 32;
    public const int Bytes = PageBytes + HeaderBytes;

    private const ulong Magic = 0x314C41574254494CUL;
    private const int MagicAt = 8;
    private const int SaltAt = 16;
    private const int IndexAt = 24;

    /// <summary>Set in a byte that LiteDB leaves unused in its pages. So an older server can read these frames, and refuses the schema with a message.</summary>
    private const byte AllBeforeSynced = 1;

    private readonly byte[] _bytes = new byte[Bytes];

    public Span<byte> Buffer => _bytes;

    public ulong Salt => Read(SaltAt);

    /// <summary>Whether every frame before this one was on disk when it was written. True for the first frame of each commit.</summary>
    public bool FollowsSync => (_bytes[HeaderBytes + PageLayout.SpareAt] & AllBeforeSynced) != 0;

    /// <summary>The page, in LiteDB's layout.</summary>
    public ReadOnlySpan<byte> Page => _bytes.AsSpan(HeaderBytes);

    public void Fill(ReadOnlySpan<byte> page, ulong salt, long index, bool followsSync)
    {
        page.CopyTo(_bytes.AsSpan(HeaderBytes));
        if (followsSync)
            _bytes[HeaderBytes + PageLayout.SpareAt] |= AllBeforeSynced;
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(MagicAt), Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(SaltAt), salt);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(IndexAt), index);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes, Hash());
    }

    /// <summary>Whether the buffer holds a complete frame that was written for this position.</summary>
    public bool IsWhole(long index) => Read(MagicAt) == Magic && Read(IndexAt) == (ulong)index && Read(0) == Hash();

    private ulong Read(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(offset));

    private ulong Hash() => XxHash3.HashToUInt64(_bytes.AsSpan(MagicAt));
}
