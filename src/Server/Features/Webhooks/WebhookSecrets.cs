using System.Security.Cryptography;
using System.Text;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>
/// Makes, seals and uses the secrets of webhooks. The server needs them to sign, so the database and its backups hold them encrypted,
/// with a key that is kept apart.
/// </summary>
internal sealed class WebhookSecrets(Database database)
{
    private const string Prefix = "whsec_",
        KeyName = "webhook-key";
    private const int SecretBytes = 32,
        KeyBytes = 32,
        NonceBytes = 12,
        TagBytes = 16;

    // Only a server with webhooks has the key.
    private readonly Lazy<byte[]> _key = new(() => database.ReadOrMakeKey(KeyName, KeyBytes));

    public static byte[] Make() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The secret in the form for receivers.</summary>
    public static string Show(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>The header <c>webhook-signature</c> of the Standard Webhooks convention.</summary>
    public static string Sign(byte[] secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{id}.{timestamp}.")));
        mac.AppendData(body);
        return "v1," + Convert.ToBase64String(mac.GetHashAndReset());
    }

    /// <param name="secret">Secret of the webhook.</param>
    /// <param name="id">Id of the webhook. A secret sealed for one webhook cannot be opened for another.</param>
    public string Seal(byte[] secret, string id)
    {
        var parts = new byte[NonceBytes + TagBytes + secret.Length];
        RandomNumberGenerator.Fill(parts.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key.Value, TagBytes);
        cipher.Encrypt(
            parts.AsSpan(0, NonceBytes),
            secret,
            parts.AsSpan(NonceBytes + TagBytes),
            parts.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(id)
        );
        return Convert.ToBase64String(parts);
    }

    /// <returns>Null when it was sealed with another key: the data was copied here without its key.</returns>
    public byte[]? TryOpen(string sealedSecret, string id)
    {
        var parts = Convert.FromBase64String(sealedSecret);
        var secret = new byte[parts.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key.Value, TagBytes);
        try
        {
            cipher.Decrypt(
                parts.AsSpan(0, NonceBytes),
                parts.AsSpan(NonceBytes + TagBytes),
                parts.AsSpan(NonceBytes, TagBytes),
                secret,
                Encoding.UTF8.GetBytes(id)
            );
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
