using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace StoriesCli.Client.Api;

/// <summary>No usable answer came after all retries. The message is our own sentence: .NET's may contain a proxy's password.</summary>
public sealed partial class ServerUnreachableException : Exception
{
    /// <summary>Exit code of the command line.</summary>
    public const int ExitCode = 6;

    private ServerUnreachableException(string message, Exception? cause)
        : base(message, cause) { }

    /// <param name="server">The called server.</param>
    /// <param name="proxy">The proxy, or null.</param>
    /// <param name="fault">The error of the last try.</param>
    /// <param name="tries">How often it was tried.</param>
    internal static ServerUnreachableException From(Uri server, string? proxy, HttpRequestException fault, int tries)
    {
        var origin = ServerAddress.Origin(server);
        var message = proxy is not null
            ? ThroughProxy(server, proxy, fault)
            : (fault.HttpRequestError, fault.InnerException) switch
            {
                (HttpRequestError.NameResolutionError, _) =>
                    $"The host {server.IdnHost} was not found. Check the server URL and the network.",
                (HttpRequestError.ConnectionError, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) =>
                    $"Nothing listens at {origin}. Check the server URL, and that the server is running.",
                (HttpRequestError.SecureConnectionError, AuthenticationException) => $"{origin} cannot be trusted: {Describe(fault)}.",
                (HttpRequestError.InvalidResponse, _) => $"The program that listens at {origin} does not speak HTTP.",
                _ => $"{origin} cannot be reached: {Describe(fault)}.",
            };
        // No inner exception: it may contain the proxy's password.
        return new(tries > 1 ? $"{message} Tried {tries} times." : message, proxy is null ? fault : null);
    }

    /// <summary>Names the proxy and the server, and how to bypass the proxy.</summary>
    private static string ThroughProxy(Uri server, string proxy, HttpRequestException fault)
    {
        var what = fault.HttpRequestError switch
        {
            // Only the proxy's name is looked up and connected to.
            HttpRequestError.NameResolutionError => $"The host of the proxy {proxy} was not found",
            HttpRequestError.ConnectionError => $"The proxy {proxy} cannot be reached: {Describe(fault)}",
            HttpRequestError.ProxyTunnelError => $"The proxy {proxy} does not connect to {ServerAddress.Origin(server)}: {Tunnel(fault)}",
            _ => $"{ServerAddress.Origin(server)} cannot be reached through the proxy {proxy}: {Describe(fault)}",
        };
        return $"{what}. The environment names it (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY); NO_PROXY={server.IdnHost} bypasses it.";
    }

    internal static ServerUnreachableException NotOurs(Uri server, string? proxy, string? mediaType, Exception cause) =>
        new(
            proxy is not null
                    ? $"The program that answers for {ServerAddress.Origin(server)} through the proxy {proxy} is not a stories-server: it sent {mediaType ?? "something"} where JSON was expected."
                : mediaType == "application/json"
                    ? $"The program at {ServerAddress.Origin(server)} sent JSON that this client does not understand. It is newer than this client, or not a stories-server."
                : $"The program at {ServerAddress.Origin(server)} is not a stories-server: it sent {mediaType ?? "something"} where JSON was expected.",
            cause
        );

    /// <summary>The cause in a few words, without a full stop.</summary>
    internal static string Describe(HttpRequestException fault) =>
        (fault, fault.HttpRequestError, fault.InnerException) switch
        {
            (DescribedRequestException, _, _) => fault.Message,
            (_, HttpRequestError.NameResolutionError, _) => "the host name was not found",
            (_, HttpRequestError.ProxyTunnelError, _) => $"the proxy does not connect: {Tunnel(fault)}",
            (_, HttpRequestError.ConnectionError, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) =>
                "the connection was refused",
            (_, HttpRequestError.ConnectionError, SocketException socket) => Words(socket),
            (_, HttpRequestError.ConnectionError, _) => "no connection could be opened",
            (_, HttpRequestError.SecureConnectionError, AuthenticationException tls) => Certificate(tls),
            (_, HttpRequestError.ResponseEnded, _) => "the connection broke before the answer was complete",
            (_, HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError, _) => "the answer is not HTTP",
            (_, HttpRequestError.ConfigurationLimitExceeded, _) => "the answer's headers are too large",
            (_, _, IOException { InnerException: SocketException socket }) => $"the connection broke ({Words(socket)})",
            (_, _, IOException) => "the connection broke",
            (_, HttpRequestError.SecureConnectionError, _) => "no TLS connection could be opened",
            _ => $"the request failed ({fault.HttpRequestError})",
        };

    /// <summary>The proxy's answer to CONNECT. .NET reports the status only at the end of its message.</summary>
    private static string Tunnel(HttpRequestException fault) =>
        StatusAtEnd().Match(fault.Message).Groups[1].Value switch
        {
            "" => "it did not answer as a proxy does",
            "403" => "it does not allow that (it answered 403)",
            "407" => "it needs a user name and password, or refuses the ones it got (it answered 407)",
            "502" or "503" or "504" => $"it does not reach the server (it answered {StatusAtEnd().Match(fault.Message).Groups[1].Value})",
            var status => $"it answered {status}",
        };

    /// <summary>The system's message, without the address that .NET adds.</summary>
    private static string Words(SocketException socket) => Words(new SocketException((int)socket.SocketErrorCode).Message);

    [GeneratedRegex(@"(?<![0-9])([1-5][0-9]{2})[^0-9]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex StatusAtEnd();

    private static string Certificate(AuthenticationException tls)
    {
        var text = (tls.InnerException ?? tls).Message;
        if (text.Contains("frame", StringComparison.Ordinal))
        {
            return "it does not speak TLS (is it plain http?)";
        }
        var reason =
            text.Contains("NameMismatch", StringComparison.Ordinal) ? "it is for another host name"
            : text.Contains("NotTimeValid", StringComparison.Ordinal) ? "it has expired or is not yet valid"
            : text.Contains("UntrustedRoot", StringComparison.Ordinal) || text.Contains("PartialChain", StringComparison.Ordinal)
                ? "no authority that this machine trusts has signed it"
            : text.Contains("Revoked", StringComparison.Ordinal) ? "it was revoked"
            : Words(text);
        return $"its certificate is not valid: {reason}";
    }

    private static string Words(string message) => ServerAddress.WithoutSecrets(message.ReplaceLineEndings(" ").TrimEnd('.', ' '));
}
