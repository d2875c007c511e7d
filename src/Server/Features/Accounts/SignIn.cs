using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Finds the account of a request, and refuses requests that may not use the route.</summary>
internal sealed class SignIn(RequestDelegate next, AccountStore accounts, RateLimits limits)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        // Without a route the answer is 404 or 405, the same for everybody.
        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            Check(context, endpoint.Metadata.GetMetadata<Access>() ?? Access.Read);
        }
        return next(context);
    }

    private void Check(HttpContext context, Access access)
    {
        if (
            access.Scopes.Length == 0
            || (access.OrSignedLink && context.Request.Query.ContainsKey(Access.LinkParameter))
            || (access.OrFeedKey && context.Request.Query.ContainsKey(Access.KeyParameter))
        )
        {
            return;
        }
        var account = Authenticate(context);
        if (!access.Scopes.Any(account.Has))
        {
            throw new ApiProblem(
                Errors.ScopeMissing,
                $"this needs a token with the scope {string.Join(" or ", access.Scopes)}; yours has {string.Join(", ", account.Scopes)}"
            );
        }
        if (access.And is { } also && !account.Has(also) && !account.IsAdmin)
        {
            throw new ApiProblem(
                Errors.ScopeMissing,
                $"this needs a token with the scope {also} too; yours has {string.Join(", ", account.Scopes)}"
            );
        }
        if (access.AdminOnly && !account.IsAdmin)
        {
            throw new ApiProblem(Errors.RoleMissing, $"this needs the role {Roles.Owner} or {Roles.Admin}; yours is {account.Role}");
        }
        context.SetAccount(account);
    }

    private CurrentAccount Authenticate(HttpContext context)
    {
        string? header = context.Request.Headers[HeaderNames.Authorization];
        if (string.IsNullOrEmpty(header))
        {
            throw new ApiProblem(Errors.NotSignedIn, "there is no Authorization header");
        }
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiProblem(Errors.NotSignedIn, "the Authorization header is not of the scheme Bearer");
        }
        var secret = header[Scheme.Length..].Trim();
        if (accounts.TrySignIn(secret, out var account))
        {
            return account;
        }
        throw limits.Count(
            context,
            new(
                Errors.NotSignedIn,
                Secret.IsWellFormed(Secret.TokenPrefix, secret)
                    ? "the token is unknown, revoked, expired, or its account is disabled"
                    : "the token is mistyped: its checksum does not fit"
            )
        );
    }
}
