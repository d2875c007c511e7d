using System.Net;
using System.Security.Cryptography;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Hosting.Peers;

/// <summary>Requests that another server passes on to this one, because this one writes. They come to a listener of their own, with a secret.</summary>
internal static class PeerRequests
{
    /// <summary>Secret that all servers on the database share.</summary>
    public const string SecretHeader = "Stories-Peer-Secret";

    /// <summary>Address of the client, as the server that it asked knows it.</summary>
    public const string ClientHeader = "Stories-Peer-Client";

    /// <summary>Scheme of the client's request.</summary>
    public const string SchemeHeader = "Stories-Peer-Scheme";

    /// <summary>In the answer: the last commit that it shows.</summary>
    public const string CommitHeader = "Stories-Peer-Commit";

    private const int SecretCharacters = 32;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>The secret in a file.</summary>
    /// <exception cref="OptionUnusableException">It is missing or too short.</exception>
    public static string ReadSecret(string path)
    {
        var secret = File.ReadAllText(path).Trim();
        return secret.Length >= SecretCharacters && secret.All(c => c is > ' ' and <= '~')
            ? secret
            : throw new OptionUnusableException(
                $"--peer-secret-file {Excerpt.Of(path)} must hold a secret of {SecretCharacters} or more visible ASCII characters, such as the output of: openssl rand -hex 32"
            );
    }

    /// <summary>Checks and unpacks what other servers pass on. Call it before anything that counts or logs by the client's address.</summary>
    public static void UsePeerRequests(this WebApplication app, ServerOptions options)
    {
        if (options is not { PeerListen: not null, PeerSecretFile: { } file })
        {
            return;
        }
        var secret = Encoding.ASCII.GetBytes(ReadSecret(file));
        var database = app.Services.GetRequiredService<Database>();
        app.Use(
            (context, next) =>
            {
                var headers = context.Request.Headers;
                if (!context.IsFromPeer())
                {
                    // A client may not say this of itself.
                    headers.Remove(SecretHeader);
                    headers.Remove(ClientHeader);
                    headers.Remove(SchemeHeader);
                    return next(context);
                }
                if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(headers[SecretHeader].ToString()), secret))
                {
                    throw new ApiProblem(Errors.NotSignedIn, "this address is for the other servers of the team, which know its secret");
                }
                if (!database.Role.IsWriter)
                {
                    throw new ApiProblem(Errors.ServerUnavailable, "this server does not write any more; try again in a moment")
                    {
                        RetryAfter = TryAgainAfter,
                    };
                }
                context.Connection.RemoteIpAddress = IPAddress.TryParse(headers[ClientHeader], out var client) ? client : null;
                context.Request.Scheme = headers[SchemeHeader] == "https" ? "https" : "http";
                headers.Remove(SecretHeader);
                headers.Remove(ClientHeader);
                headers.Remove(SchemeHeader);
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers[CommitHeader] = FormattableString.Invariant($"{database.Role.Seq}");
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
    }

    /// <summary>On a server that may follow another.</summary>
    public static void UsePassingOn(
        this WebApplication app,
        ServerOptions options,
        Func<WriterForwarder, Func<HttpContext, RequestDelegate, Task>> step
    )
    {
        if (options.Follows)
        {
            var passOn = step(app.Services.GetRequiredService<WriterForwarder>());
            app.Use((context, next) => passOn(context, next));
        }
    }
}
