namespace StoriesCli.Tui.App;

/// <summary>Holds the model. Only the UI thread dispatches; listeners run on it, after the update.</summary>
/// <param name="initial">The first model.</param>
/// <param name="clock">Null: no time passes.</param>
internal sealed class Store(Model initial, ViewerClock? clock = null)
{
    private Model? _measured;
    private TimeSpan? _due;

    public Model Model { get; private set; } = initial;

    public event Action<Model>? Changed;

    /// <summary>How long nothing changes by itself; null: for ever.</summary>
    public TimeSpan? TimeUntilDue
    {
        get
        {
            if (!ReferenceEquals(_measured, Model))
            {
                (_measured, _due) = (Model, Clock.NextDue(Model));
            }
            return _due - clock?.SinceTick;
        }
    }

    public void Dispatch(Msg msg)
    {
        var before = Model;
        // The model has the time of its last change. The clock may have moved on since, and a note, for example, ends some seconds after now.
        Model = Update.Apply(Pass(before), msg);
        Tell(before);
    }

    /// <summary>Lets the time pass that has passed.</summary>
    public void Tick()
    {
        var before = Model;
        Model = Pass(before);
        Tell(before);
    }

    /// <inheritdoc cref="ViewerClock.Skip"/>
    public void SkipTime() => clock?.Skip();

    /// <inheritdoc cref="ViewerClock.Stands"/>
    public void LetTimeStand(bool stands)
    {
        if (clock is not null)
        {
            clock.Skip();
            clock.Stands = stands;
        }
    }

    private Model Pass(Model model) => clock is null ? model : Update.Apply(model, clock.Tick());

    private void Tell(Model before)
    {
        if (!ReferenceEquals(before, Model))
        {
            Changed?.Invoke(Model);
        }
    }
}
