namespace StoriesCli.Server.Storage;

/// <summary>Has rows that end by the clock. The sweeper asks each of them to let go of all that is over, so that forgetting keeps up with remembering.</summary>
internal interface IForgets
{
    /// <summary>Deletes every row that is over, in commits that are small enough for others to get between.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now; the rest waits for the next sweep.</exception>
    Task ForgetOverAsync(CancellationToken cancel);
}

internal static class Forgetting
{
    /// <summary>So many rows in one change hold up what waits behind it for some milliseconds.</summary>
    public const int RowsPerCommit = 250;

    /// <summary>Deletes rows in many small commits until none is left.</summary>
    /// <param name="database">Where they are.</param>
    /// <param name="over">Found once, so that many of them cost no more each than few.</param>
    /// <param name="forget">Inside a change: deletes one, if it is over still.</param>
    /// <param name="cancel">Gives up between commits.</param>
    public static async Task ForgetAsync<T>(
        this Database database,
        IEnumerable<T> over,
        Action<WriteBatch, T> forget,
        CancellationToken cancel
    )
    {
        foreach (var rows in over.Chunk(RowsPerCommit))
        {
            await database
                .CommitAsync(
                    batch =>
                    {
                        foreach (var row in rows)
                        {
                            forget(batch, row);
                        }
                        return true;
                    },
                    cancel
                )
                .ConfigureAwait(false);
        }
    }
}
