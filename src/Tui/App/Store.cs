namespace StoriesCli.Tui.App;

/// <summary>Holds the model. Only the UI thread dispatches; listeners run on it, after the update.</summary>
internal sealed class Store(Model initial)
{
    public Model Model { get; private set; } = initial;

    public event Action<Model>? Changed;

    public void Dispatch(Msg msg)
    {
        var before = Model;
        Model = Update.Apply(before, msg);
        if (!ReferenceEquals(before, Model))
        {
            Changed?.Invoke(Model);
        }
    }
}
