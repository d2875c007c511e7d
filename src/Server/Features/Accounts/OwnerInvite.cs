using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>The way in to a server without accounts: an owner's invite in a file that only the host can read.</summary>
internal sealed class OwnerInvite(DataDirectory directory, AccountStore accounts)
{
    private string Path => directory.File("owner-invite");

    /// <summary>Sees to it that a server without accounts has an invite whose code is in the file.</summary>
    /// <returns>The file, or null when the server has its owner.</returns>
    public async Task<string?> EnsureAsync()
    {
        if (!accounts.IsEmpty)
        {
            RemoveIfUsed();
            return null;
        }
        if (PrivateFile.TryReadText(Path) is not { } code || !accounts.IsOpenInvite(code.Trim()))
        {
            await RenewAsync().ConfigureAwait(false);
        }
        return Path;
    }

    /// <summary>Makes a new invite for an owner; the one before it opens nothing any more.</summary>
    /// <returns>The file with its code.</returns>
    public async Task<string> RenewAsync()
    {
        var (_, code) = await accounts.InviteOwnerAsync(CancellationToken.None).ConfigureAwait(false);
        AtomicFile.WriteAllText(Path, code + "\n");
        return Path;
    }

    /// <summary>Takes the file away once its code no longer opens anything.</summary>
    public void RemoveIfUsed()
    {
        if (PrivateFile.TryReadText(Path) is { } code && !accounts.IsOpenInvite(code.Trim()))
        {
            PrivateFile.Delete(Path);
        }
    }
}
