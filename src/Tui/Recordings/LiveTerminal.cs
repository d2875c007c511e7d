using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Recordings;

/// <summary>The screen of a live terminal, made from the events of its stream. The stream only reaches cells, never the real terminal.</summary>
internal sealed class LiveTerminal
{
    // Text costs about five units a byte. Output of a hostile sender that costs more than this is not drawn.
    private const long WorkPerByte = 64,
        WorkAhead = 4 << 20;

    public Emulator Screen { get; private set; } = new(80, 24);

    /// <summary>Applies an event. An event of an unknown type does nothing.</summary>
    public void Take(LiveEvent happened)
    {
        var work = WorkAhead;
        if (happened is { Width: { } columns, Height: { } rows })
        {
            if (happened.Type == LiveEventTypes.Snapshot)
            {
                Screen = new(columns, rows);
            }
            else
            {
                Screen.Resize(columns, rows, ref work);
            }
        }
        if (happened.Output is { } output)
        {
            var bytes = Encoding.UTF8.GetBytes(output);
            work += WorkPerByte * bytes.Length;
            Screen.Feed(bytes, ref work);
        }
    }
}
