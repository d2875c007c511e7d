namespace StoriesCli.Tui.App;

/// <summary>Holds the state. The UI thread alone dispatches; listeners run on it, after the reducer.</summary>
internal sealed class Store(AppState initial)
{
    public AppState State { get; private set; } = initial;

    public event Action<AppState>? Changed;

    public void Dispatch(Msg message)
    {
        var before = State;
        State = Reducer.Reduce(before, message);
        if (!ReferenceEquals(before, State))
        {
            Changed?.Invoke(State);
        }
    }
}
