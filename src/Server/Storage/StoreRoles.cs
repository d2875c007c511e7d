using System.Diagnostics.CodeAnalysis;

namespace StoriesCli.Server.Storage;

/// <summary>Has rows that expire. The sweeper asks each of them to delete what has expired, so that no collection grows for ever.</summary>
internal interface IDeletesExpired
{
    /// <summary>Deletes every row that has expired, in commits that are small enough for others to get between.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now; the rest waits for the next sweep.</exception>
    Task DeleteExpiredAsync(CancellationToken cancel);
}

/// <summary>Has something of accounts, and erases it when an account is deleted.</summary>
internal interface IErasesAccounts
{
    /// <summary>Erases all that it has of an account that can do nothing any more. It may be called again after it succeeded.</summary>
    /// <param name="account">Number of the account.</param>
    /// <param name="handle">Its handle, which stays taken.</param>
    Task EraseAsync(int account, string handle);
}

/// <summary>Has content that counts against quotas, in bytes.</summary>
internal interface IUsesSpace
{
    /// <summary>Of all accounts together.</summary>
    long Bytes { get; }

    long BytesOf(int account);
}

internal static class StoreRoles
{
    /// <summary>So many rows in one change hold up what waits behind it for some milliseconds.</summary>
    public const int RowsPerCommit = 250;

    /// <summary>Registers one store, and the same store under each role that it has.</summary>
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

    /// <summary>Changes many rows in commits that are small enough for others to get between.</summary>
    /// <param name="database">Where they are.</param>
    /// <param name="rows">Found once, so that each costs the same however many there are.</param>
    /// <param name="change">Inside a change: changes or deletes one, if that is still due.</param>
    /// <param name="cancel">Gives up between commits.</param>
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
