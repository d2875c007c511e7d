using System.Globalization;
using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Makes signed links to media files, and determines the server's public address for them.</summary>
internal sealed class MediaLinks(LinkSigner signer, ServerOptions options, TimeProvider time, ILogger<MediaLinks> log)
{
    private int _hasWarned;

    /// <param name="context">The request. Its account and token stand behind the link, and its listener's address may be used.</param>
    /// <param name="story">Id of the story.</param>
    /// <param name="ttl">Lifetime of the link.</param>
    /// <param name="storyEnd">End of the story, after which the link does not work; null for a kept story.</param>
    /// <param name="part">The only part that the link opens; null for the story's main file.</param>
    public MadeLink Make(HttpContext context, string story, TimeSpan ttl, DateTimeOffset? storyEnd, string? part = null)
    {
        var end = (time.GetUtcNow() + ttl).ToWholeMilliseconds();
        var caller = context.Account();
        return new(
            story,
            part,
            new(caller.Number, caller.TokenId, end < storyEnd || storyEnd is null ? end : storyEnd.Value),
            LinkSigner.NewNonce()
        );
    }

    /// <param name="story">Id of the story.</param>
    /// <param name="reader">Number of the account that made the feed key. The link shows what this account may see.</param>
    /// <param name="feed">Id of the feed key behind the link.</param>
    /// <param name="end">When the link expires.</param>
    public static MadeLink MakeForFeed(string story, int reader, string feed, DateTimeOffset end) =>
        // A story has the same link each time the feed is read, or no feed would ever be unchanged. The signature is what nobody can guess.
        new(story, null, new(reader, feed, end), LinkSigner.NonceOf(feed, story));

    public MediaLink Show(HttpContext context, MadeLink made) =>
        new()
        {
            Url =
                $"{PublicAddress(context)}/v1/stories/{made.Story}/media?{(made.Part is null ? "" : $"part={made.Part}&")}{QueryCredential.SignedLink.Parameter}={signer.Sign(MediaFolder.NameOf(made.Story, made.Part), made.Claims, made.Nonce)}",
            ExpiresAt = made.Claims.ExpiresAt,
        };

    /// <summary>Never the caller's own Host header, but the configured address, a trusted proxy's, or that of the listener which got the request.</summary>
    public string PublicAddress(HttpContext context)
    {
        if (options.BaseUrl is { } url)
        {
            return url.ToString().TrimEnd('/');
        }
        if (context.IsBehindTrustedProxy() && context.Request.Host.HasValue)
        {
            var told = $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}";
            if (IsProxysWayToUs(context) && Interlocked.Exchange(ref _hasWarned, 1) == 0)
            {
                Log.LinksLeadToUs(log, told);
            }
            return told;
        }
        var address = context.Connection.LocalIpAddress;
        if (address is null)
        {
            throw ApiProblem.Invalid(
                "base-url",
                "a server that is reached by a Unix socket makes links only with the option --base-url, or --trusted-proxy unix"
            );
        }
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var own = new UriBuilder(context.Request.Scheme, address.ToString(), context.Connection.LocalPort).Uri.ToString().TrimEnd('/');
        WarnOfProxy(context, address, own);
        return own;
    }

    /// <summary>Whether the host that a trusted proxy sends is its own address for us, not the public one. nginx sends that by default.</summary>
    private static bool IsProxysWayToUs(HttpContext context)
    {
        var (request, from) = (context.Request, context.Connection.RemoteIpAddress);
        var host = request.Host.Host.Trim('[', ']');
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        var isLoopback = host == "localhost" || (address is not null && IPAddress.IsLoopback(address));
        if (isLoopback && from is not null && !IPAddress.IsLoopback(from))
        {
            return true;
        }
        // The port is ours, or it is a name without a domain, for which no authority issues certificates.
        return context.IsForwardedWithoutHost()
            && (
                isLoopback
                || (request.Host.Port is { } port && port == context.Connection.LocalPort)
                || (request.IsHttps && !host.Contains('.', StringComparison.Ordinal) && address is null)
            );
    }

    /// <summary>Whether the address that the caller used cannot be this listener's, so that a proxy must be in between.</summary>
    private static bool IsReachedOtherwise(HttpRequest request, IPAddress address)
    {
        var host = request.Host.Host.Trim('[', ']');
        if (host is "" or "localhost" || IPAddress.TryParse(host, out _))
        {
            var named = IPAddress.TryParse(host, out var given) ? given : null;
            return named is null
                ? host.Length > 0 && !IPAddress.IsLoopback(address)
                : !named.Equals(address) && !(IPAddress.IsLoopback(named) && IPAddress.IsLoopback(address));
        }
        // A name may be this machine's. But no other machine reaches a loopback address directly, and no certificate is issued for a private one.
        return IPAddress.IsLoopback(address) || request.IsHttps;
    }

    /// <summary>Warns once when an unknown proxy is in front: links would lead to an address that their readers cannot reach.</summary>
    private void WarnOfProxy(HttpContext context, IPAddress address, string own)
    {
        var header = TrustedProxyExtensions.FindProxyHeader(context);
        if ((header is not null || IsReachedOtherwise(context.Request, address)) && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            var sign = header is not null ? $"the header {header} says" : $"the host \"{Excerpt.Of(context.Request.Host.Value)}\" shows";
            Log.LinksLeadElsewhere(log, own, sign);
        }
    }
}

/// <summary>Everything in a link but the signing key. A repeated request is answered from it, without storing the link.</summary>
/// <param name="Story">Id of the story.</param>
/// <param name="Part">Part of the story; null for the story's main file.</param>
/// <param name="Claims">Account and token behind the link, and its expiry.</param>
/// <param name="Nonce">Distinguishes this link from all others.</param>
internal sealed record MadeLink(string Story, string? Part, LinkClaims Claims, byte[] Nonce)
{
    /// <summary>Form in which an idempotency key stores it.</summary>
    public string Remembered =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Convert.ToHexStringLower(Nonce)}:{Claims.TokenId}:{Claims.ExpiresAt.ToUnixTimeMilliseconds()}"
        );

    public static MadeLink Of(string remembered, string story, string? part, int issuer)
    {
        var parts = remembered.Split(':');
        return new(
            story,
            part,
            new(issuer, parts[1], DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture))),
            Convert.FromHexString(parts[0])
        );
    }
}
