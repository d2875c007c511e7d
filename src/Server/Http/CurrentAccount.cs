using System.Security.Claims;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Who makes this request. Handlers take it as a parameter.</summary>
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

    /// <summary>Makes it a parameter of handlers.</summary>
    public static ValueTask<CurrentAccount?> BindAsync(HttpContext context) => ValueTask.FromResult<CurrentAccount?>(context.Account());
}

/// <summary>The account on the principal of a request.</summary>
internal sealed class AccountIdentity(CurrentAccount account) : ClaimsIdentity(authenticationType: "Bearer")
{
    public CurrentAccount Account => account;

    public override string Name => account.Handle;
}

internal static class CurrentAccountExtensions
{
    /// <summary>Who makes this request. Only for routes that ask for a token.</summary>
    /// <exception cref="ApiProblem"><c>not_signed_in</c>.</exception>
    public static CurrentAccount Account(this HttpContext context) =>
        context.FindAccount() ?? throw new ApiProblem(Errors.NotSignedIn, "this needs a token");

    public static CurrentAccount? FindAccount(this HttpContext context) => (context.User.Identity as AccountIdentity)?.Account;
}
