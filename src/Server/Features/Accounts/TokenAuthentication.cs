using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Finds out by its token who makes a request: the scheme <c>Bearer</c>.</summary>
internal sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, TokenStore tokens, FailedAttempts failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, UrlEncoder.Default)
{
    private const string SchemeName = "Bearer",
        Prefix = SchemeName + " ";

    // Nobody writes into it.
    private static readonly AuthenticationProperties NoProperties = new();

    /// <summary>Without <c>AddAuthentication</c>, which brings data protection along: that writes keys into the home directory for cookies that nobody has.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddAuthenticationCore(core => core.DefaultScheme = SchemeName);
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(SchemeName, configureOptions: null);
    }

    /// <summary>A token is looked at only where one is asked for: elsewhere a wrong one is no failed attempt.</summary>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(
            Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null || QueryCredential.IsGiven(Context)
                ? AuthenticateResult.NoResult()
                : Authenticate()
        );

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        throw (await HandleAuthenticateOnceAsync().ConfigureAwait(false)).Failure!;

    private AuthenticateResult Authenticate()
    {
        string? header = Request.Headers[HeaderNames.Authorization];
        if (string.IsNullOrEmpty(header))
        {
            return Fail("there is no Authorization header");
        }
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Fail("the Authorization header is not of the scheme Bearer");
        }
        var secret = header[Prefix.Length..].Trim();
        if (tokens.TrySignIn(secret, out var account))
        {
            return AuthenticateResult.Success(new(new(new AccountIdentity(account)), NoProperties, SchemeName));
        }
        return AuthenticateResult.Fail(
            failures.Count(
                Context,
                new(
                    Errors.NotSignedIn,
                    Secret.IsWellFormed(Secret.TokenPrefix, secret)
                        ? "the token is unknown, revoked, expired, or its account is disabled"
                        : "the token is mistyped: its checksum does not fit"
                )
            )
        );
    }

    private static AuthenticateResult Fail(string detail) => AuthenticateResult.Fail(new ApiProblem(Errors.NotSignedIn, detail));
}
