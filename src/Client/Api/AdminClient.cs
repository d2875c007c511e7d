using System.Net.Http.Json;
using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;

namespace StoriesCli.Client.Api;

/// <summary>Running a server over the network, for admins.</summary>
public sealed class AdminClient
{
    private readonly ApiConnection _api;

    internal AdminClient(ApiConnection api) => _api = api;

    private const int ArchiveBufferBytes = 128 * 1024;

    /// <summary>Lists all accounts, by handle, for an admin.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<ManagedAccount[]> ListAccountsAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/admin/accounts" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageManagedAccount, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Gets one account, for an admin.</summary>
    /// <exception cref="ApiException"><c>account_not_found</c>, <c>role_missing</c>, <c>scope_missing</c>.</exception>
    public Task<ManagedAccount> GetAccountAsync(string handle, CancellationToken cancel = default) =>
        _api.GetAsync(AccountPath(handle), ContractsJson.Default.ManagedAccount, cancel);

    /// <summary>Changes an account's role, or disables or enables it, as an admin. Disabling stops its tokens, streams and links within a second.</summary>
    /// <exception cref="ApiException"><c>account_not_found</c>, <c>invalid_request</c>, <c>last_owner</c>, <c>role_missing</c>, <c>scope_missing</c>.</exception>
    public Task<ManagedAccount> ChangeAccountAsync(string handle, AccountChange change, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ => new(HttpMethod.Patch, AccountPath(handle)) { Content = JsonContent.Create(change, ContractsJson.Default.AccountChange) },
            ContractsJson.Default.ManagedAccount,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Creates a one-time access link for an account, as an admin. Only this answer contains its code.</summary>
    /// <exception cref="ApiException"><c>account_not_found</c>, <c>role_missing</c>, <c>scope_missing</c>, <c>invalid_request</c>.</exception>
    public async Task<MadeAccess> GiveAccessAsync(string handle, CancellationToken cancel = default) =>
        await _api.PostAsync(
                AccountPath(handle) + "/access",
                new NoFields(),
                ContractsJson.Default.NoFields,
                ContractsJson.Default.MadeAccess,
                cancel
            )
            .ConfigureAwait(false);

    /// <summary>Deletes an account with all its content, as an admin.</summary>
    /// <exception cref="ApiException"><c>account_not_found</c>, <c>last_owner</c>, <c>role_missing</c>, <c>scope_missing</c>.</exception>
    public Task DeleteAccountAsync(string handle, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, AccountPath(handle), cancel);

    /// <summary>Gets the storage used by each account, largest first, and the free space, for an admin.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<UsagePage> GetUsageAsync(CancellationToken cancel = default)
    {
        var pages = await ApiConnection
            .WholeAsync(
                cursor => _api.GetAsync("/v1/admin/usage" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.UsagePage, cancel),
                page => page.NextCursor
            )
            .ConfigureAwait(false);
        var whole = pages[^1] with { Items = [.. pages.SelectMany(page => page.Items)] };
        _api.Options.Received?.KeepMerged(whole, pages);
        return whole;
    }

    /// <summary>Lists the audit log, latest first, for an admin. Reads page after page.</summary>
    /// <param name="limit">Entries a page, 1–<see cref="Limits.PageMaximum"/>.</param>
    /// <param name="cancel">Ends the enumeration.</param>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public IAsyncEnumerable<AuditEntry> ListAuditAsync(int limit, CancellationToken cancel = default) =>
        _api.PagesAsync(cursor =>
            _api.GetAsync(
                "/v1/admin/audit"
                    + QueryText.From([("limit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("cursor", cursor)]),
                ContractsJson.Default.PageAuditEntry,
                cancel
            )
        );

    /// <summary>Downloads an archive (tar) of all server data, as an admin, and checks its end, its manifest and every file in it.</summary>
    /// <param name="target">Receives the archive; unusable unless this method returns.</param>
    /// <param name="progress">Receives the number of bytes so far.</param>
    /// <param name="cancel">Ends the download.</param>
    /// <returns>The contents of the archive, with the files that are damaged on the server.</returns>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    /// <exception cref="BackupException">The archive is incomplete.</exception>
    public async Task<BackupContents> BackUpAsync(Stream target, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var guard = new IdleGuard(_api.Options, cancel);
        using var answer = await _api.SendAsync(
                _ => new(HttpMethod.Post, "/v1/admin/backup"),
                HttpCompletionOption.ResponseHeadersRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
        var archive = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using var _ = archive.ConfigureAwait(false);
        // Buffered, because the reader reads one header at a time.
        var copied = new BufferedStream(
            new TeeStream(buffer => ReceiveAsync(archive, buffer, guard, cancel), target, progress),
            ArchiveBufferBytes
        );
        await using var __ = copied.ConfigureAwait(false);
        return await BackupReader.ReadAsync(copied, _ => Stream.Null, cancel).ConfigureAwait(false);
    }

    /// <summary>Separates network errors from errors of the target.</summary>
    private async ValueTask<int> ReceiveAsync(Stream archive, Memory<byte> buffer, IdleGuard guard, CancellationToken cancel)
    {
        try
        {
            var read = await archive.ReadAsync(buffer, guard.Token).ConfigureAwait(false);
            guard.Moved();
            return read;
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw _api.Unreachable(new(HttpRequestError.ResponseEnded, e.Message, e));
        }
    }

    private static string AccountPath(string handle) =>
        Names.Handle.IsMatch(handle)
            ? $"/v1/admin/accounts/{handle}"
            : throw new ArgumentException($"\"{handle}\" is not a handle.", nameof(handle));
}
