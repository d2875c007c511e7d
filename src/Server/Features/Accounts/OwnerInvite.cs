using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>The first owner's invite, in a file that only the host can read.</summary>
internal sealed class OwnerInvite(DataDirectory directory, AccountStore accounts, InviteStore invites)
{
    private string Path => directory.File("owner-invite");

    /// <summary>Ensures that a server without accounts has an invite, with its code in the file.</summary>
    /// <returns>The file; null when the server has an owner.</returns>
    public async Task<string?> EnsureAsync()
    {
        if (!accounts.IsEmpty)
        {
            RemoveIfUsed();
            return null;
        }
        if (PrivateFile.TryReadText(Path) is not { } code || !invites.IsOpen(code.Trim()))
        {
            await RenewAsync().ConfigureAwait(false);
        }
        return Path;
    }

    /// <summary>Makes a new invite for an owner. The previous one stops working.</summary>
    /// <returns>The file with the code.</returns>
    public async Task<string> RenewAsync()
    {
        var (_, code) = await invites.MakeForOwnerAsync(CancellationToken.None).ConfigureAwait(false);
        AtomicFile.WriteAllText(Path, code + "\n");
        return Path;
    }

    /// <summary>Deletes the file when its code no longer works.</summary>
    public void RemoveIfUsed()
    {
        if (PrivateFile.TryReadText(Path) is { } code && !invites.IsOpen(code.Trim()))
        {
            PrivateFile.Delete(Path);
        }
    }
}
