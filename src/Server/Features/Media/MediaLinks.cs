using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Makes signed links to media files.</summary>
internal sealed class MediaLinks(LinkSigner signer, PublicAddress address, TimeProvider time)
{
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
                $"{address.Of(context)}/v1/stories/{made.Story}/media?{(made.Part is null ? "" : $"part={made.Part}&")}{QueryCredential.SignedLink.Parameter}={signer.Sign(MediaFolder.NameOf(made.Story, made.Part), made.Claims, made.Nonce)}",
            ExpiresAt = made.Claims.ExpiresAt,
        };
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
