using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using StoriesCli.Server.Http;
using IPNetwork = System.Net.IPNetwork;

namespace StoriesCli.Server.Hosting;

/// <summary>Proxies whose forwarded headers are trusted.</summary>
/// <param name="Networks">Networks of the proxies.</param>
/// <param name="Unix">Whether to trust every peer on our Unix sockets.</param>
internal sealed record TrustedProxies(IReadOnlyList<IPNetwork> Networks, bool Unix)
{
    public static readonly TrustedProxies None = new([], Unix: false);

    /// <summary>Whether the peer of this connection is a trusted proxy. Ask before forwarded headers replace its address.</summary>
    public bool Include(IPAddress? remote)
    {
        if (remote is null)
        {
            return Unix;
        }
        var address = remote.Unmapped();
        return Networks.Any(network => network.Contains(address) || network.Contains(remote));
    }

    public bool IsAny => Unix || Networks.Count > 0;

    /// <exception cref="FormatException">The message says what is allowed.</exception>
    public static TrustedProxies Parse(string text)
    {
        var networks = new List<IPNetwork>();
        var unix = false;
        foreach (var one in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (one == "unix")
            {
                unix = true;
            }
            else
            {
                networks.Add(
                    TryParseNetwork(one)
                        ?? throw new FormatException($"must be unix, an address, or {NetworkForm}, was \"{Http.Excerpt.Of(one)}\"")
                );
            }
        }
        return new(networks, unix);
    }

    public const string NetworkForm = "a network such as 10.1.2.0/24 (/0 to /32, and /0 to /128 of IPv6)";

    /// <summary>A network, or an address as a network of one.</summary>
    public static IPNetwork? TryParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : null;
}

internal static class TrustedProxyExtensions
{
    /// <param name="Host">The proxy's own Host header, before it was replaced; null when there was none.</param>
    /// <param name="Scheme">The proxy's own scheme, before it was replaced.</param>
    /// <param name="IsForwarded">Whether the request was forwarded: a program on the proxy's machine may also send its own requests.</param>
    private sealed record Behind(string? Host, string? Scheme, bool IsForwarded);

    // Headers that proxies add, trusted or not.
    private static readonly string[] ProxyHeaders =
    [
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Forwarded-Port",
        "X-Forwarded-Server",
        "X-Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
    ];

    /// <summary>The first header in a request that only proxies write; null when there is none.</summary>
    public static string? FindProxyHeader(HttpContext context) => Array.Find(ProxyHeaders, context.Request.Headers.ContainsKey);

    /// <summary>Whether a trusted proxy forwarded the request without the original host, so that <c>Host</c> may be the proxy's name for us.</summary>
    public static bool IsForwardedWithoutHost(this HttpContext context) =>
        context.Features.Get<Behind>() is { IsForwarded: true, Host: null };

    /// <summary>Whether the request came through a trusted proxy, so that <c>Host</c> comes from the proxy.</summary>
    public static bool IsBehindTrustedProxy(this HttpContext context) => context.Features.Get<Behind>() is not null;

    /// <summary>
    /// Refuses forwarded values that cannot be a server's scheme or host, because they would appear in the links of responses. This also
    /// catches a proxy that passes on a caller's own headers instead of setting them.
    /// </summary>
    public static void UseForwardedShapes(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (context.Features.Get<Behind>() is { } behind)
                {
                    foreach (
                        var scheme in new[] { behind.Scheme, context.Request.Scheme }
                            .OfType<string>()
                            .Where(scheme => scheme.ToUpperInvariant() is not ("HTTP" or "HTTPS"))
                    )
                    {
                        throw ApiProblem.Invalid(
                            ForwardedHeadersDefaults.XForwardedProtoHeaderName,
                            $"must be http or https, was \"{Excerpt.Of(scheme)}\""
                        );
                    }
                    context.Request.Scheme = context.Request.Scheme.ToLowerInvariant();
                    if (behind.Host is { } host && !IsHost(host))
                    {
                        throw ApiProblem.Invalid(
                            ForwardedHeadersDefaults.XForwardedHostHeaderName,
                            $"must be a host, and a port where it has one, was \"{Excerpt.Of(host)}\""
                        );
                    }
                }
                return next(context);
            }
        );

    private static bool IsHost(string text) =>
        Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri)
        && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && uri.HostNameType is not UriHostNameType.Unknown
        && !text.Any(c => c is ' ' or '\t' or '/' or '\\' or '?' or '#' or '@')
        && (uri.Port is > 0 and <= 65535);

    /// <summary>The entry that the nearest proxy added.</summary>
    private static string? Last(HttpContext context, string header) =>
        context.Request.Headers[header].LastOrDefault()?.Split(',')[^1].Trim() is { Length: > 0 } last ? last.Trim('"') : null;

    /// <summary>Takes address, scheme and host from the headers of trusted proxies, and of nobody else.</summary>
    public static void UseTrustedProxies(this WebApplication app, TrustedProxies proxies)
    {
        if (proxies.IsAny)
        {
            app.Use(
                (context, next) =>
                {
                    if (proxies.Include(context.Connection.RemoteIpAddress))
                    {
                        context.Features.Set(
                            new Behind(
                                Last(context, ForwardedHeadersDefaults.XForwardedHostHeaderName),
                                Last(context, ForwardedHeadersDefaults.XForwardedProtoHeaderName),
                                FindProxyHeader(context) is not null
                            )
                        );
                    }
                    return next(context);
                }
            );
        }
        if (proxies.Networks.Count > 0)
        {
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
                ForwardLimit = null,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in proxies.Networks)
            {
                options.KnownIPNetworks.Add(network);
            }
            app.UseWhen(context => context.Connection.RemoteIpAddress is not null, branch => branch.UseForwardedHeaders(options));
        }
        if (proxies.Unix)
        {
            // A socket has no address to check, so only the last hop, added by the proxy itself, is trusted.
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
                ForwardLimit = 1,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            app.UseWhen(context => context.Connection.RemoteIpAddress is null, branch => branch.UseForwardedHeaders(options));
        }
    }
}
