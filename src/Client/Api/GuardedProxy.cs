using System.Net;

namespace StoriesCli.Client.Api;

/// <summary>The proxy of the environment, but never for this machine itself: what goes to loopback in clear would leave the machine.</summary>
/// <param name="inner">What decides otherwise: HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.</param>
/// <param name="direct">Hosts that no proxy leads to.</param>
internal sealed class GuardedProxy(IWebProxy inner, NoProxy direct) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    /// <param name="given">One that the caller chose, or null for that of the environment.</param>
    public static GuardedProxy Of(IWebProxy? given) =>
        given is null ? new(HttpClient.DefaultProxy, NoProxy.OfEnvironment()) : new(given, new(null));

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || direct.Includes(host) || inner.IsBypassed(host);

    /// <summary>Where a request to a server goes first, without name and password; null where it goes to the server itself.</summary>
    public string? NameFor(Uri server) => GetProxy(server) is { } proxy && proxy != server ? ServerAddress.Origin(proxy) : null;
}
