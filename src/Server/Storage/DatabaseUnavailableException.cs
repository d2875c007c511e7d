namespace StoriesCli.Server.Storage;

internal enum UnavailableReason
{
    /// <summary>Too many changes wait; nothing was done.</summary>
    QueueFull,

    /// <summary>The database is opening, recovering or closed; nothing was done.</summary>
    NotReady,

    /// <summary>The disk failed while the change was written: it may be there or not. Repeating it with its idempotency key finds out.</summary>
    InDoubt,
}

/// <summary>The database could not take a change, or cannot tell whether it did.</summary>
internal sealed class DatabaseUnavailableException(UnavailableReason reason, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public UnavailableReason Reason { get; } = reason;
}
