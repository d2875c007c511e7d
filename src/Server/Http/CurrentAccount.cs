using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Who makes this request.</summary>
/// <param name="Number">The account's number, never used again for another.</param>
/// <param name="Handle">Its name.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="TokenId">The token it came with.</param>
/// <param name="Scopes">What that token may do.</param>
/// <param name="TokenExpiresAt">When that token ends; one that renews, unless it is used again.</param>
/// <param name="TokenRenews">Whether use moves that end.</param>
internal sealed record CurrentAccount(
    int Number,
    string Handle,
    string Role,
    string TokenId,
    string[] Scopes,
    DateTimeOffset TokenExpiresAt,
    bool TokenRenews = false
)
{
    public bool Has(string scope) => Scopes.Contains(scope);

    public bool IsAdmin => Role is Roles.Owner or Roles.Admin && Has(Contracts.Scopes.Admin);
}

/// <summary>Who may use a route: endpoint metadata. A route without it needs a token with the scope <c>read</c>.</summary>
/// <param name="Scopes">Any one of these will do; empty for routes that need no token.</param>
/// <param name="AdminOnly">Whether the role must be owner or admin.</param>
/// <param name="And">A scope that is needed beside.</param>
/// <param name="OrSignedLink">Whether a query parameter <see cref="LinkParameter"/> may stand for the token; the route checks it.</param>
/// <param name="OrFeedKey">Whether a query parameter <see cref="KeyParameter"/> may stand for the token; the route checks it.</param>
internal sealed record Access(
    string[] Scopes,
    bool AdminOnly = false,
    string? And = null,
    bool OrSignedLink = false,
    bool OrFeedKey = false
)
{
    public const string LinkParameter = "link",
        KeyParameter = "key";

    public static readonly Access Open = new([]);
    public static readonly Access Read = new([Contracts.Scopes.Read]);
    public static readonly Access ReadOrSignedLink = new([Contracts.Scopes.Read], OrSignedLink: true);
    public static readonly Access ReadOrFeedKey = new([Contracts.Scopes.Read], OrFeedKey: true);
    public static readonly Access Post = new([Contracts.Scopes.Post]);

    /// <summary>To change what was posted, one must see it: a token that may only post changes nothing, and one that may only look does not either.</summary>
    public static readonly Access ReadAndPost = new([Contracts.Scopes.Read], And: Contracts.Scopes.Post);
    public static readonly Access ReadOrPost = new([Contracts.Scopes.Read, Contracts.Scopes.Post]);
    public static readonly Access Admin = new([Contracts.Scopes.Admin], AdminOnly: true);
}

internal static class CurrentAccountExtensions
{
    private static readonly object Key = new();

    /// <summary>Who makes this request. Only for routes whose <see cref="Access"/> is not open.</summary>
    /// <exception cref="ApiProblem"><c>not_signed_in</c>.</exception>
    public static CurrentAccount Account(this HttpContext context) =>
        context.FindAccount() ?? throw new ApiProblem(Errors.NotSignedIn, "this needs a token");

    public static CurrentAccount? FindAccount(this HttpContext context) =>
        context.Items.TryGetValue(Key, out var account) ? (CurrentAccount?)account : null;

    public static void SetAccount(this HttpContext context, CurrentAccount account) => context.Items[Key] = account;
}
