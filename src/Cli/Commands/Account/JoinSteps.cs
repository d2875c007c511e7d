using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>What to join, and as whom. What is null is asked for on a terminal.</summary>
/// <param name="Address">The link of an invite, or the server's URL.</param>
/// <param name="Handle">The account's handle.</param>
/// <param name="Name">Display name.</param>
/// <param name="EndOthers">With an access link: whether to revoke all earlier tokens.</param>
/// <param name="Replace">Whether the named profile may be another account's.</param>
internal sealed record JoinOptions(
    string? Address = null,
    string? Handle = null,
    string? Name = null,
    bool EndOthers = false,
    bool Replace = false
);

/// <summary>Joins a server: asks for what is missing, makes the account, and saves its token.</summary>
internal static class JoinSteps
{
    private const int Tries = 3;

    /// <summary>Whether nothing says which server to use, and nobody has signed in yet.</summary>
    public static bool IsFirstStart(Session session) =>
        session.Config.Profiles.Count == 0
        && session.Flags is { Server: null, Profile: null, TokenFile: null }
        && ((string[])["STORIES_URL", "STORIES_TOKEN", "STORIES_TOKEN_FILE", "STORIES_PROFILE"]).All(name =>
            session.Context.Environment(name) is null
        );

    /// <returns>The account and its server; null when the user gave nothing at the first prompt.</returns>
    /// <exception cref="CommandException">Something is missing and there is no terminal to ask on, or it has the wrong form.</exception>
    public static async Task<(Joined Joined, Uri Server)?> RunAsync(Session session, JoinOptions options, CancellationToken cancel)
    {
        var isInteractive = session.Context.InIsTerminal;
        if (options.Handle is null && !isInteractive)
        {
            throw CommandException.Usage("Option '--handle' is required: there is no terminal to ask on.");
        }
        var (address, code) = await ReadAddressAsync(session, options.Address, cancel).ConfigureAwait(false);
        if (address is null)
        {
            return null;
        }
        var to = Connection.To(address, session.Flags);
        if (options.Handle is { } handle)
        {
            SavedAccount.CheckRoom(session, to, handle, options.Replace);
        }
        SavedAccount.CheckWritable(session);
        code ??= (await session.Out.AskSecretAsync("Invite code:", cancel).ConfigureAwait(false))?.Trim();
        // Somebody who named the server may still paste the whole link here. The named server counts: it may be another address of the same one.
        code = code is not null && JoinLink.TryParse(code, out _, out var inLink) ? inLink : code;
        if (string.IsNullOrEmpty(code))
        {
            throw CommandException.Usage("No invite code was given. Type it at the prompt, or send it to stdin.");
        }
        if (JoinAddress.FindCodeFault(code) is { } fault)
        {
            throw CommandException.Usage($"An invite code {fault}. Copy the whole link or code again.");
        }
        using var api = session.Connect(to);
        var joined = options.Handle is { } given
            ? await JoinAsync(session, api, to, options, code, given, cancel).ConfigureAwait(false)
            : await AskHandleAndJoinAsync(session, api, to, options, code, cancel).ConfigureAwait(false);
        return (joined, to.Server);
    }

    /// <summary>The server, and the code if it came in a link.</summary>
    private static async Task<(string? Server, string? Code)> ReadAddressAsync(Session session, string? address, CancellationToken cancel)
    {
        if (address is not null)
        {
            return JoinLink.TryParse(address, out var origin, out var known) ? (origin, known) : (address, null);
        }
        for (var rest = Tries - 1; ; rest--)
        {
            // Without echo, because the link contains the code.
            var given = (
                await session.Out.AskSecretAsync("Link of your invite, or the server (it is not shown):", cancel).ConfigureAwait(false)
            )?.Trim();
            if (string.IsNullOrEmpty(given))
            {
                return (null, null);
            }
            if (JoinLink.TryParse(given, out var server, out var code))
            {
                return (server, code);
            }
            if (ServerAddress.TryParse(given, out _, out _))
            {
                return (given, null);
            }
            // The answer may be a code, so the message does not repeat it.
            const string Fault =
                "That is neither the link of an invite nor a server. A link looks like https://team.example/join#CODE, a server like https://team.example.";
            if (rest == 0)
            {
                throw CommandException.Usage(Fault);
            }
            session.Out.Note(Fault);
        }
    }

    /// <summary>Asks again where the handle cannot be had, because the invite stays open.</summary>
    private static async Task<Joined> AskHandleAndJoinAsync(
        Session session,
        ApiClient api,
        Connection to,
        JoinOptions options,
        string code,
        CancellationToken cancel
    )
    {
        for (var rest = Tries - 1; ; rest--)
        {
            var handle = (await session.Out.AskAsync("Your handle, 2 to 32 of a-z, 0-9, _ and -:", cancel).ConfigureAwait(false))?.Trim();
            if (handle is null)
            {
                throw CommandException.Usage("No handle was given. Nobody has joined, and the invite is still open.");
            }
            try
            {
                SavedAccount.CheckRoom(session, to, handle, options.Replace);
                return await JoinAsync(session, api, to, options, code, handle, cancel).ConfigureAwait(false);
            }
            catch (ApiException e) when (rest > 0 && (e.Code == Errors.HandleTaken.Code || e.Errors.ContainsKey("handle")))
            {
                session.Out.Note(e.Detail ?? e.Message);
            }
        }
    }

    private static async Task<Joined> JoinAsync(
        Session session,
        ApiClient api,
        Connection to,
        JoinOptions options,
        string code,
        string handle,
        CancellationToken cancel
    )
    {
        var request = new JoinRequest
        {
            Code = code,
            Handle = handle,
            DisplayName = options.Name,
            EndOtherTokens = options.EndOthers,
        };
        var joined = await api.Accounts.JoinAsync(request, cancel).ConfigureAwait(false);
        SavedAccount.Save(session, to, joined.Token, joined.Account.Handle, options.Replace);
        return joined;
    }
}
