using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Who may use a route. Every route asks for one of these or says <c>AllowAnonymous()</c>.</summary>
internal static class Policies
{
    public static readonly AuthorizationPolicy Read = Of(new ScopeRequirement(Scopes.Read));

    /// <summary>
    /// Beside <see cref="Read"/>. To change what was posted, one must see it: a token that may only post changes nothing, and one that may only look does not either.
    /// </summary>
    public static readonly AuthorizationPolicy Write = Of(new WriteRequirement());
    public static readonly AuthorizationPolicy Post = Of(new ScopeRequirement(Scopes.Post));
    public static readonly AuthorizationPolicy ReadOrPost = Of(new ScopeRequirement(Scopes.Read, Scopes.Post));
    public static readonly AuthorizationPolicy Admin = Of(new ScopeRequirement(Scopes.Admin), new AdminRequirement());

    public static void AddPolicies(this IServiceCollection services) =>
        services
            // None of these keeps anything of a request: one of each spares making them anew each time.
            .AddSingleton<IPolicyEvaluator, PolicyEvaluator>()
            .AddSingleton<IAuthorizationService, DefaultAuthorizationService>()
            .AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationProblems>()
            .AddAuthorization();

    private static AuthorizationPolicy Of(params AccountRequirement[] requirements) => new(requirements, authenticationSchemes: []);
}

/// <summary>A query parameter that may stand for the token. The route checks it, for it lets see one thing only: endpoint metadata.</summary>
internal sealed record QueryCredential(string Parameter)
{
    public static readonly QueryCredential SignedLink = new("link"),
        FeedKey = new("key");

    /// <summary>Whether the request brings the one that its route takes. Then its token is not looked at.</summary>
    public static bool IsGiven(HttpContext context) =>
        context.Request.QueryString.HasValue
        && context.GetEndpoint()?.Metadata.GetMetadata<QueryCredential>() is { } credential
        && context.Request.Query.ContainsKey(credential.Parameter);
}

/// <summary>Something that an account or its token must have.</summary>
internal abstract class AccountRequirement : IAuthorizationRequirement, IAuthorizationHandler
{
    /// <summary>Why this account is refused; null when it is not.</summary>
    public abstract ApiProblem? FindProblem(CurrentAccount account);

    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (
            context.Resource is HttpContext http
            && (http.FindAccount() is { } account ? FindProblem(account) is null : QueryCredential.IsGiven(http))
        )
        {
            context.Succeed(this);
        }
        return Task.CompletedTask;
    }
}

/// <param name="anyOf">One of these scopes will do.</param>
internal sealed class ScopeRequirement(params string[] anyOf) : AccountRequirement
{
    public IReadOnlyList<string> AnyOf => anyOf;

    public override ApiProblem? FindProblem(CurrentAccount account) =>
        Array.Exists(anyOf, account.Has)
            ? null
            : new(
                Errors.ScopeMissing,
                $"this needs a token with the scope {string.Join(" or ", anyOf)}; yours has {string.Join(", ", account.Scopes)}"
            );
}

/// <summary>The scope <c>post</c> beside another one. Admins need it not.</summary>
internal sealed class WriteRequirement : AccountRequirement
{
    public override ApiProblem? FindProblem(CurrentAccount account) =>
        account.Has(Scopes.Post) || account.IsAdmin
            ? null
            : new(
                Errors.ScopeMissing,
                $"this needs a token with the scope {Scopes.Post} too; yours has {string.Join(", ", account.Scopes)}"
            );
}

internal sealed class AdminRequirement : AccountRequirement
{
    public override ApiProblem? FindProblem(CurrentAccount account) =>
        account.IsAdmin ? null : new(Errors.RoleMissing, $"this needs the role {Roles.Owner} or {Roles.Admin}; yours is {account.Role}");
}

/// <summary>Has refusals written by <see cref="ProblemHandler"/>, like all others.</summary>
internal sealed class AuthorizationProblems : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    ) =>
        authorizeResult switch
        {
            { Succeeded: true } => next(context),
            { Challenged: true } => context.ChallengeAsync(),
            _ => throw policy
                .Requirements.OfType<AccountRequirement>()
                .Select(requirement => requirement.FindProblem(context.Account()))
                .OfType<ApiProblem>()
                .First(),
        };
}
