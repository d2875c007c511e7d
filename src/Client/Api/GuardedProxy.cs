using System.Net;

namespace StoriesCli.Client.Api;

/// <summary>The environment's proxy, but never for loopback: those requests would leave the machine unencrypted.</summary>
/// <param name="inner">The proxy from HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.</param>
/// <param name="direct">Hosts that are reached directly.</param>
internal sealed class GuardedProxy(IWebProxy inner, NoProxy direct) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    /// <param name="given">The caller's proxy, or null for the environment's.</param>
    public static GuardedProxy Of(IWebProxy? given) =>
        given is null ? new(HttpClient.DefaultProxy, NoProxy.OfEnvironment()) : new(given, new(null));

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || direct.Includes(host) || inner.IsBypassed(host);

    /// <summary>The proxy of a server, without user name and password; null without a proxy.</summary>
    public string? NameFor(Uri server) => GetProxy(server) is { } proxy && proxy != server ? ServerAddress.Origin(proxy) : null;
}
