using System.Net;

namespace StoriesCli.Client;

/// <summary>The proxy of the environment, but never for this machine itself: what goes to loopback in clear would leave the machine.</summary>
/// <param name="inner">What decides otherwise: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.</param>
internal sealed class GuardedProxy(IWebProxy inner) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || inner.IsBypassed(host);

    /// <summary>Where a request to a server goes first, without name and password; null where it goes to the server itself.</summary>
    public string? NameFor(Uri server) => GetProxy(server) is { } proxy && proxy != server ? ServerAddress.Origin(proxy) : null;
}
