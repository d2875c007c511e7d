namespace StoriesCli.Server.Storage;

internal enum UnavailableReason
{
    /// <summary>Too many changes wait. The change was not made.</summary>
    QueueFull,

    /// <summary>The database is opening, recovering or closed. The change was not made.</summary>
    NotReady,

    /// <summary>Another server writes. The change was not made.</summary>
    NotWriter,

    /// <summary>The disk or the connection failed during the write, so the change may be stored or not. Repeat it with its idempotency key to find out.</summary>
    InDoubt,
}

/// <summary>The database could not accept a change, or cannot tell whether it did.</summary>
internal sealed class DatabaseUnavailableException(UnavailableReason reason, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public UnavailableReason Reason { get; } = reason;
}
