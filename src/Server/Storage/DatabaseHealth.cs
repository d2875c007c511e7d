namespace StoriesCli.Server.Storage;

internal enum DatabaseState
{
    Opening,
    Ready,
    Reopening,
    Failed,
    Closed,
}

/// <summary>Whether the database accepts changes, and if not, why.</summary>
internal sealed record DatabaseHealth(DatabaseState State, string? Reason = null)
{
    public bool IsReady => State == DatabaseState.Ready;
}
