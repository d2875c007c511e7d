using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace StoriesCli.Tui.Images;

/// <summary>Graphics as they are written, byte by byte: a string of a megabyte would be three on its way to the terminal.</summary>
internal sealed class AsciiWriter(int expectedBytes)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(expectedBytes);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public AsciiWriter Add(string text)
    {
        _bytes.Advance(Encoding.ASCII.GetBytes(text, _bytes.GetSpan(text.Length)));
        return this;
    }

    public AsciiWriter Add(char sign, int times = 1)
    {
        _bytes.GetSpan(times)[..times].Fill((byte)sign);
        _bytes.Advance(times);
        return this;
    }

    public AsciiWriter Add(int number)
    {
        Utf8Formatter.TryFormat(number, _bytes.GetSpan(11), out var length);
        _bytes.Advance(length);
        return this;
    }

    public AsciiWriter AddBase64(ReadOnlySpan<byte> data)
    {
        Base64.EncodeToUtf8(data, _bytes.GetSpan(Base64.GetMaxEncodedToUtf8Length(data.Length)), out _, out var length);
        _bytes.Advance(length);
        return this;
    }
}
