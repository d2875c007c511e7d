using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Media;

/// <summary>Claims of a signed link.</summary>
internal sealed record LinkClaims(int Issuer, string TokenId, DateTimeOffset ExpiresAt);

/// <summary>Signs links to one file of a story, named by <see cref="MediaFolder.NameOf"/>. A link holds nonce, issuer, token and expiry, under an HMAC whose key stays with the server.</summary>
internal sealed class LinkSigner
{
    private const string KeyName = "link-key";
    private const int NonceBytes = 16,
        IdBytes = 26,
        MacBytes = 32;
    private const int ClaimBytes = NonceBytes + sizeof(int) + IdBytes + sizeof(long);

    private readonly byte[] _key;

    public LinkSigner(Database database) => _key = database.ReadOrMakeKey(KeyName, MacBytes);

    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(NonceBytes);

    public static byte[] NonceOf(string feed, string story) => SHA256.HashData(Encoding.ASCII.GetBytes(feed + story))[..NonceBytes];

    public string Sign(string file, LinkClaims claims, byte[] nonce)
    {
        var signed = new byte[ClaimBytes + MacBytes];
        nonce.CopyTo(signed.AsSpan(0, NonceBytes));
        BinaryPrimitives.WriteInt32BigEndian(signed.AsSpan(NonceBytes), claims.Issuer);
        Encoding.ASCII.GetBytes(claims.TokenId, signed.AsSpan(NonceBytes + sizeof(int)));
        BinaryPrimitives.WriteInt64BigEndian(signed.AsSpan(ClaimBytes - sizeof(long)), claims.ExpiresAt.ToUnixTimeMilliseconds());
        Mac(file, signed.AsSpan(0, ClaimBytes)).CopyTo(signed.AsSpan(ClaimBytes));
        return Base64Url.EncodeToString(signed);
    }

    /// <returns>Null when the link was changed, or is for another file.</returns>
    public LinkClaims? Verify(string file, string link)
    {
        if (
            link.Length > 256
            || !Base64Url.IsValid(link)
            || Base64Url.DecodeFromChars(link) is not { Length: ClaimBytes + MacBytes } signed
        )
        {
            return null;
        }
        var claims = signed.AsSpan(0, ClaimBytes);
        if (!CryptographicOperations.FixedTimeEquals(Mac(file, claims), signed.AsSpan(ClaimBytes)))
        {
            return null;
        }
        return new(
            BinaryPrimitives.ReadInt32BigEndian(claims[NonceBytes..]),
            Encoding.ASCII.GetString(claims.Slice(NonceBytes + sizeof(int), IdBytes)),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(claims[(ClaimBytes - sizeof(long))..]))
        );
    }

    private byte[] Mac(string file, ReadOnlySpan<byte> claims)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes(file));
        mac.AppendData([0]);
        mac.AppendData(claims);
        return mac.GetHashAndReset();
    }
}
