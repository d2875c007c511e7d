using System.Globalization;
using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Makes signed links to media, and says under which address they are reached.</summary>
internal sealed class MediaLinks(LinkSigner signer, ServerOptions options, TimeProvider time, ILogger<MediaLinks> log)
{
    private int _hasWarned;

    /// <param name="context">Of the request: its listener's address, and its account and token stand behind the link.</param>
    /// <param name="story">Whose media it leads to.</param>
    /// <param name="ttl">How long it holds.</param>
    /// <param name="storyEnd">It never holds longer; null for a story that is kept.</param>
    /// <param name="part">Which of its files, and no other; null for the one that every story has.</param>
    public MadeLink Make(HttpContext context, string story, TimeSpan ttl, DateTimeOffset? storyEnd, string? part = null)
    {
        var end = DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + ttl).ToUnixTimeMilliseconds());
        var caller = context.Account();
        return new(
            story,
            part,
            new(caller.Number, caller.TokenId, end < storyEnd || storyEnd is null ? end : storyEnd.Value),
            LinkSigner.NewNonce()
        );
    }

    /// <param name="story">Whose media it leads to.</param>
    /// <param name="reader">On whose behalf it is opened: who made the feed key.</param>
    /// <param name="feed">Id of the feed key that stands behind it.</param>
    /// <param name="end">How long it holds.</param>
    public static MadeLink MakeForFeed(string story, int reader, string feed, DateTimeOffset end) =>
        // The same story has the same link whenever the feed is read, or no feed would ever be unchanged. What cannot be guessed is the signature.
        new(story, null, new(reader, feed, end), LinkSigner.NonceOf(feed, story));

    public MediaLink Show(HttpContext context, MadeLink made) =>
        new()
        {
            Url =
                $"{PublicAddress(context)}/v1/stories/{made.Story}/media?{(made.Part is null ? "" : $"part={made.Part}&")}{Access.LinkParameter}={signer.Sign(MediaFolder.NameOf(made.Story, made.Part), made.Claims, made.Nonce)}",
            ExpiresAt = made.Claims.ExpiresAt,
        };

    /// <summary>Never a caller's own Host header: the configured address, what a trusted proxy says, or that of the listener the request came to.</summary>
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

    /// <summary>Whether the host that a trusted proxy sends is no address of its own, but the one by which it reaches us: what nginx sends unless told otherwise.</summary>
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
        // The port is ours; or it is a name without a domain, for which nobody gives out a certificate.
        return context.IsForwardedWithoutHost()
            && (
                isLoopback
                || (request.Host.Port is { } port && port == context.Connection.LocalPort)
                || (request.IsHttps && !host.Contains('.', StringComparison.Ordinal) && address is null)
            );
    }

    /// <summary>Whether the caller's own word for where it came to cannot be the address of this listener: then something stands between.</summary>
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
        // A name may be this machine's; no other machine comes to a loopback address by itself, and no certificate is made out to an address in a network of its own.
        return IPAddress.IsLoopback(address) || request.IsHttps;
    }

    /// <summary>Behind a proxy that nobody has told us of, links lead to an address that their readers cannot reach. Said once.</summary>
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

/// <summary>Everything a link is made of but the key that signs it: what a repeated request is answered from, without the link being stored.</summary>
/// <param name="Story">Whose media it leads to.</param>
/// <param name="Part">To which of its files; null for the one that every story has.</param>
/// <param name="Claims">Who stands behind it, and until when.</param>
/// <param name="Nonce">Tells it from all others.</param>
internal sealed record MadeLink(string Story, string? Part, LinkClaims Claims, byte[] Nonce)
{
    /// <summary>As an idempotency key remembers it.</summary>
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
