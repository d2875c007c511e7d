using System.Text;
using StoriesCli.Emulation;
using StoriesCli.Server.Features.Media.Formats;

namespace StoriesCli.Server.Features.Live;

/// <summary>The screen of a live terminal as it is now, for viewers who come late. Its work is bounded by the bytes that came.</summary>
internal sealed class LiveScreen(int columns, int rows)
{
    // Text costs about five units a byte. Eight bytes of a hostile sender could ask for a hundred thousand characters.
    private const long WorkPerByte = 64;
    private const long WorkAhead = 4 << 20;

    private readonly Emulator _emulator = new(columns, rows);
    private long _work = WorkAhead;

    public int Columns => _emulator.Columns;
    public int Rows => _emulator.Rows;

    /// <summary>Does what the events say. If a sender asks for more work than its bytes are worth, the rest of the output is not drawn.</summary>
    public void Show(List<CastEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened.Columns > 0)
            {
                _work += WorkPerByte;
                _emulator.Resize(happened.Columns, happened.Rows, ref _work);
                continue;
            }
            var bytes = Encoding.UTF8.GetBytes(happened.Output);
            _work += WorkPerByte * bytes.Length;
            _emulator.Feed(bytes, ref _work);
        }
    }

    /// <inheritdoc cref="Emulator.Draw"/>
    public string Draw() => _emulator.Draw();
}
