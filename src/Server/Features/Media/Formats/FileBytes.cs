using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Random access to a file through one window of 64 KiB: no allocation depends on a length that the file states.</summary>
/// <remarks>What <see cref="Read"/> returns is valid until the next call.</remarks>
internal sealed class FileBytes(SafeFileHandle file, long length) : IDisposable
{
    public const int WindowBytes = 64 * 1024;
    private const int ReadAheadBytes = 8 * 1024;

    private byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private long _start;
    private int _filled;

    public long Length { get; } = length;

    /// <summary>Name of the format, for messages.</summary>
    public string Format { get; set; } = "file";

    /// <summary>The same file through another window, for a table that is read in step with others. Dispose it, not the file.</summary>
    public FileBytes Beside() => new(file, Length) { Format = Format };

    public void Dispose()
    {
        var window = Interlocked.Exchange(ref _window, []);
        if (window.Length > 0)
            ArrayPool<byte>.Shared.Return(window);
    }

    /// <exception cref="MediaRefusedException">The file ends before these bytes.</exception>
    public ReadOnlySpan<byte> Read(long offset, int count)
    {
        if (offset < 0 || offset > Length - count)
            throw CutOff();
        if (offset < _start || offset + count > _start + _filled)
            Fill(offset, count, Math.Max(count, ReadAheadBytes));
        return _window.AsSpan((int)(offset - _start), count);
    }

    /// <summary>As <see cref="Read"/>, but returns fewer bytes where the file ends.</summary>
    public ReadOnlySpan<byte> ReadUpTo(long offset, int count) =>
        Read(offset, (int)Math.Clamp(Length - offset, 0, Math.Min(count, WindowBytes)));

    /// <summary>The bytes in the window from an offset: at least <paramref name="atLeast"/>, or fewer where the file ends.</summary>
    public ReadOnlySpan<byte> ReadOn(long offset, int atLeast = 1)
    {
        atLeast = (int)Math.Clamp(Length - offset, 0, atLeast);
        if (atLeast == 0)
            return [];
        if (offset < _start || offset + atLeast > _start + _filled)
            Fill(offset, atLeast, WindowBytes);
        return _window.AsSpan((int)(offset - _start), (int)(_start + _filled - offset));
    }

    public byte U8(long offset) => Read(offset, 1)[0];

    public ushort U16(long offset) => BinaryPrimitives.ReadUInt16BigEndian(Read(offset, 2));

    public uint U32(long offset) => BinaryPrimitives.ReadUInt32BigEndian(Read(offset, 4));

    public ulong U64(long offset) => BinaryPrimitives.ReadUInt64BigEndian(Read(offset, 8));

    public ushort U16Little(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Read(offset, 2));

    public uint U32Little(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Read(offset, 4));

    public bool StartsWith(long offset, ReadOnlySpan<byte> bytes) =>
        offset >= 0 && offset <= Length - bytes.Length && Read(offset, bytes.Length).SequenceEqual(bytes);

    /// <summary>Four bytes as text, for messages and comparisons.</summary>
    public string FourCc(long offset) => Encoding.Latin1.GetString(Read(offset, 4));

    public MediaRefusedException CutOff() => Broken("it breaks off before its end");

    public MediaRefusedException Broken(string what) => new($"The bytes look like {Format}, but {what}.");

    private void Fill(long offset, int count, int ahead)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ahead, WindowBytes);
        var wanted = (int)Math.Min(ahead, Length - offset);
        _filled = 0;
        _start = offset;
        while (_filled < wanted)
        {
            var read = RandomAccess.Read(file, _window.AsSpan(_filled, wanted - _filled), offset + _filled);
            if (read == 0)
                break;
            _filled += read;
        }
        if (_filled < count)
            throw CutOff();
    }
}
