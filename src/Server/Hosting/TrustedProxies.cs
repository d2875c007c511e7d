using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using StoriesCli.Server.Http;
using IPNetwork = System.Net.IPNetwork;

namespace StoriesCli.Server.Hosting;

/// <summary>Whose word on where a request comes from is believed.</summary>
/// <param name="Networks">Proxies by address.</param>
/// <param name="Unix">Whether whoever can open a Unix socket we listen on is one.</param>
internal sealed record TrustedProxies(IReadOnlyList<IPNetwork> Networks, bool Unix)
{
    public static readonly TrustedProxies None = new([], Unix: false);

    /// <summary>Whether whoever sits at the other end of this connection is one. Asked before forwarded headers put another address in its place.</summary>
    public bool Include(IPAddress? remote)
    {
        if (remote is null)
        {
            return Unix;
        }
        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        return Networks.Any(network => network.Contains(address) || network.Contains(remote));
    }

    public bool IsAny => Unix || Networks.Count > 0;

    /// <exception cref="FormatException">Says what is allowed.</exception>
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
            else if (IPNetwork.TryParse(one, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(one, out var address))
            {
                networks.Add(new(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                throw new FormatException($"must be unix, an address, or a network such as 10.0.0.0/8, was \"{Http.Excerpt.Of(one)}\"");
            }
        }
        return new(networks, unix);
    }
}

internal static class TrustedProxyExtensions
{
    /// <param name="Host">What the proxy itself said, before it was taken; null when it said nothing.</param>
    /// <param name="Scheme">The same of the scheme.</param>
    /// <param name="IsForwarded">Whether it came for somebody else: who asks from the proxy's own machine is no proxy.</param>
    private sealed record Behind(string? Host, string? Scheme, bool IsForwarded);

    // What proxies add, whether we believe it or not.
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

    /// <summary>Whether a trusted proxy forwarded the request and did not say by which host it was asked, so that <c>Host</c> may be its word for us.</summary>
    public static bool IsForwardedWithoutHost(this HttpContext context) =>
        context.Features.Get<Behind>() is { IsForwarded: true, Host: null };

    /// <summary>Whether the request came through a trusted proxy, so that its <c>Host</c> is the proxy's word.</summary>
    public static bool IsBehindTrustedProxy(this HttpContext context) => context.Features.Get<Behind>() is not null;

    /// <summary>
    /// Refuses what a trusted proxy says where it can be no scheme or host of a server: it would stand in the links of answers. A proxy that
    /// passes a caller's own headers on, instead of setting them, is told apart here at the latest.
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

    /// <summary>The entry that the nearest proxy has added.</summary>
    private static string? Last(HttpContext context, string header) =>
        context.Request.Headers[header].LastOrDefault()?.Split(',')[^1].Trim() is { Length: > 0 } last ? last.Trim('"') : null;

    /// <summary>Takes address, scheme and host from the headers of trusted proxies, and from nobody else's.</summary>
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
            // A socket has no address to check, so only the last hop, the proxy's own, is believed.
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
