namespace StoriesCli.Tui.App;

/// <summary>The time that the viewer spends looking, and the server's time of day.</summary>
/// <param name="clock">Its timestamps neither jump when the clock is set nor move while a laptop sleeps.</param>
/// <param name="offset">How far the server's clock is ahead.</param>
internal sealed class ViewerClock(TimeProvider clock, Func<TimeSpan> offset)
{
    private long _last = clock.GetTimestamp();

    /// <summary>Nothing can be seen meanwhile: time passes for the server alone.</summary>
    public bool Stands { get; set; }

    /// <summary>Time since the last tick.</summary>
    public TimeSpan SinceTick => clock.GetElapsedTime(_last);

    public TerminalMsg.Tick Tick()
    {
        var passed = SinceTick;
        Skip();
        return new(Stands ? TimeSpan.Zero : passed, clock.GetUtcNow() + offset());
    }

    /// <summary>The time since the last tick was not spent looking.</summary>
    public void Skip() => _last = clock.GetTimestamp();
}
