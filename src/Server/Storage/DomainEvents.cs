namespace StoriesCli.Server.Storage;

/// <summary>
/// Subscriptions to domain events. A feature raises what it did with <see cref="WriteBatch.Raise"/>. Features that build on it subscribe when
/// they are made, before the database opens. So the feature does not know them.
/// </summary>
internal sealed class DomainEvents
{
    private readonly Dictionary<Type, List<Action<WriteBatch, object>>> _inCommit = [];
    private readonly Dictionary<Type, List<Action<object>>> _afterCommit = [];

    /// <summary>Subscribes inside the change that raises the event. The handler's writes are committed with the change; its exceptions fail the change.</summary>
    /// <typeparam name="TEvent">The exact type of the event.</typeparam>
    public void InCommit<TEvent>(Action<WriteBatch, TEvent> handle)
        where TEvent : class => HandlersOf(_inCommit, typeof(TEvent)).Add((batch, raised) => handle(batch, (TEvent)raised));

    /// <summary>Subscribes after the commit, as <see cref="WriteBatch.AfterCommit"/> does.</summary>
    /// <typeparam name="TEvent">The exact type of the event.</typeparam>
    public void AfterCommit<TEvent>(Action<TEvent> handle)
        where TEvent : class => HandlersOf(_afterCommit, typeof(TEvent)).Add(raised => handle((TEvent)raised));

    internal void Raise(WriteBatch batch, object raised)
    {
        if (_inCommit.TryGetValue(raised.GetType(), out var inside))
        {
            inside.ForEach(handle => handle(batch, raised));
        }
        if (_afterCommit.TryGetValue(raised.GetType(), out var behind))
        {
            behind.ForEach(handle => batch.AfterCommit(() => handle(raised)));
        }
    }

    private static List<THandler> HandlersOf<THandler>(Dictionary<Type, List<THandler>> all, Type raised) =>
        all.TryGetValue(raised, out var handlers) ? handlers : all[raised] = [];
}
