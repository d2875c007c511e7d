using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>
/// Subscriptions to domain events. A feature raises what it did with <see cref="WriteBatch.Raise"/>. Features that build on it subscribe when
/// they are made, before the database opens. So the feature does not know them.
/// </summary>
internal sealed class DomainEvents
{
    private readonly Dictionary<Type, List<Action<WriteBatch, object>>> _inCommit = [];
    private readonly Dictionary<Type, List<Action<object>>> _afterCommit = [];
    private readonly Dictionary<Type, Func<object, CarriedEvent>> _carriers = [];
    private readonly Dictionary<string, Func<RowDocument, object>> _receivers = new(StringComparer.Ordinal);

    /// <summary>Subscribes inside the change that raises the event. The handler's writes are committed with the change; its exceptions fail the change.</summary>
    /// <typeparam name="TEvent">The exact type of the event.</typeparam>
    public void InCommit<TEvent>(Action<WriteBatch, TEvent> handle)
        where TEvent : class => HandlersOf(_inCommit, typeof(TEvent)).Add((batch, raised) => handle(batch, (TEvent)raised));

    /// <summary>Subscribes after the commit, as <see cref="WriteBatch.AfterCommit"/> does.</summary>
    /// <typeparam name="TEvent">The exact type of the event.</typeparam>
    public void AfterCommit<TEvent>(Action<TEvent> handle)
        where TEvent : class => HandlersOf(_afterCommit, typeof(TEvent)).Add(raised => handle((TEvent)raised));

    /// <summary>Lets an event reach the subscribers of <see cref="AfterCommit"/> on the servers that follow this one, too.</summary>
    /// <param name="kind">Name of the type, which is stored.</param>
    /// <param name="write">Makes a document of it.</param>
    /// <param name="read">Makes it of the document again.</param>
    /// <typeparam name="TEvent">The exact type of the event.</typeparam>
    public void Carry<TEvent>(string kind, Func<TEvent, RowDocument> write, Func<RowDocument, TEvent> read)
        where TEvent : class
    {
        _carriers.Add(typeof(TEvent), raised => new(kind, write((TEvent)raised)));
        _receivers.Add(kind, read);
    }

    /// <summary>Number of the commit whose subscribers of <see cref="AfterCommit"/> are told now; 0 where nobody follows.</summary>
    public long Seq { get; internal set; }

    /// <summary>Whether other servers may follow this one.</summary>
    internal bool AreCarried { get; init; }

    /// <summary>Tells the subscribers of <see cref="AfterCommit"/> what happened in a commit of another server.</summary>
    internal void Receive(CarriedEvent happened)
    {
        // A newer server may tell what this one does not know.
        if (!_receivers.TryGetValue(happened.Kind, out var read))
            return;
        var raised = read(happened.Content);
        if (_afterCommit.TryGetValue(raised.GetType(), out var behind))
        {
            behind.ForEach(handle => handle(raised));
        }
    }

    internal void Raise(WriteBatch batch, object raised)
    {
        if (AreCarried && _carriers.TryGetValue(raised.GetType(), out var carry))
        {
            batch.Carry(carry(raised));
        }
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
