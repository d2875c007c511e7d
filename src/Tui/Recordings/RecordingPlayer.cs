namespace StoriesCli.Tui.Recordings;

/// <summary>Shows a recording as it was at an instant. It does a bounded piece of the work each time it is asked, and says what it has until it is there.</summary>
internal sealed class RecordingPlayer(Recording recording)
{
    /// <summary>A few milliseconds on the UI thread.</summary>
    public const long WorkAtOnce = 1_000_000;

    private const int BytesBetweenKept = 256 * 1024;
    private const int KeptCellsMaximum = 200_000;

    private readonly List<Kept> _kept = [];
    private Emulator _emulator = new(recording.Columns, recording.Rows);
    private int _event,
        _fed;
    private int _keptCells;

    /// <summary>A state on the way, for going back without starting again.</summary>
    private sealed record Kept(int Event, int Fed, Emulator Emulator);

    public Recording Recording => recording;

    public Emulator Screen => _emulator;

    /// <summary>Whether the last call could not do all of its work.</summary>
    public bool IsBehind { get; private set; }

    /// <returns>Whether the screen may look otherwise than before.</returns>
    public bool Go(TimeSpan at)
    {
        var before = (_event, _fed, _emulator);
        if (_event > 0 && recording.Events[_event - 1].At > at)
        {
            GoBack(at);
        }
        for (var work = WorkAtOnce; work > 0 && _event < recording.Events.Length && recording.Events[_event].At <= at; )
        {
            Do(recording.Events[_event], ref work);
        }
        IsBehind = _event < recording.Events.Length && recording.Events[_event].At <= at;
        return before != (_event, _fed, _emulator);
    }

    private void Do(CastEvent next, ref long work)
    {
        if (next.Columns > 0)
        {
            _emulator.Resize(next.Columns, next.Rows, ref work);
        }
        _fed += _emulator.Feed(recording.Output.Span[_fed..next.End], ref work);
        work--;
        if (_fed < next.End)
        {
            return;
        }
        _event++;
        if (_fed - (_kept.Count > 0 ? _kept[^1].Fed : 0) >= BytesBetweenKept && _keptCells < KeptCellsMaximum)
        {
            _keptCells += 2 * _emulator.Columns * _emulator.Rows;
            _kept.Add(new(_event, _fed, _emulator.Copy()));
        }
    }

    private void GoBack(TimeSpan at)
    {
        var from = _kept.FindLast(kept => recording.Events[kept.Event - 1].At <= at);
        (_event, _fed, _emulator) = from is null
            ? (0, 0, new(recording.Columns, recording.Rows))
            : (from.Event, from.Fed, from.Emulator.Copy());
    }
}
