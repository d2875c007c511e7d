using System.Diagnostics.CodeAnalysis;

namespace StoriesCli.Server.Storage;

/// <summary>A store with rows that expire. The sweeper asks each such store to delete them, so that no collection grows for ever.</summary>
internal interface IDeletesExpired
{
    /// <summary>Deletes every expired row, in commits small enough to let other changes in between.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now. The rest waits for the next sweep.</exception>
    Task DeleteExpiredAsync(CancellationToken cancel);
}

/// <summary>A store with data of accounts, which it erases when an account is deleted.</summary>
internal interface IErasesAccounts
{
    /// <summary>Erases all data of an account that can no longer do anything. Safe to call again.</summary>
    /// <param name="account">Number of the account.</param>
    /// <param name="handle">Handle of the account. It stays taken.</param>
    Task EraseAsync(int account, string handle);
}

/// <summary>A store whose content counts against quotas.</summary>
internal interface IUsesSpace
{
    /// <summary>Bytes of all accounts together.</summary>
    long Bytes { get; }

    long BytesOf(int account);
}

internal static class StoreRoles
{
    /// <summary>A change with this many rows delays the changes behind it by a few milliseconds.</summary>
    public const int RowsPerCommit = 250;

    /// <summary>Registers one store, under its own type and each role that it has.</summary>
    public static IServiceCollection AddStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>(
        this IServiceCollection services
    )
        where TStore : class
    {
        services.AddSingleton<TStore>();
        AddRole<IDeletesExpired>();
        AddRole<IErasesAccounts>();
        AddRole<IUsesSpace>();
        return services;

        void AddRole<TRole>()
            where TRole : class
        {
            if (typeof(TRole).IsAssignableFrom(typeof(TStore)))
            {
                services.AddSingleton(provider => (TRole)(object)provider.GetRequiredService<TStore>());
            }
        }
    }

    /// <summary>Changes many rows in commits small enough to let other changes in between.</summary>
    /// <param name="database">Database of the rows.</param>
    /// <param name="rows">The rows, found once, so that each costs the same however many there are.</param>
    /// <param name="change">Inside a change: changes or deletes one row, if that is still due.</param>
    /// <param name="cancel">Cancels between commits.</param>
    public static async Task ForEachInCommitsAsync<T>(
        this Database database,
        IEnumerable<T> rows,
        Action<WriteBatch, T> change,
        CancellationToken cancel
    )
    {
        foreach (var some in rows.Chunk(RowsPerCommit))
        {
            await database
                .CommitAsync(
                    batch =>
                    {
                        foreach (var row in some)
                        {
                            change(batch, row);
                        }
                        return true;
                    },
                    cancel
                )
                .ConfigureAwait(false);
        }
    }
}
