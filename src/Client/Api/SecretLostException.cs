using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>A token, an invite, a share or a feed key was made, but the answer that held its secret was lost: a repetition is answered without it.</summary>
public sealed class SecretLostException : Exception
{
    private SecretLostException(string what, string id, Exception cause)
        : base($"The {what} {id} was made, but the answer with its secret was lost on the way, and it is shown only once.", cause)
    {
        What = what;
        Id = id;
    }

    /// <summary><c>token</c>, <c>access link</c>, <c>invite</c>, <c>share</c> or <c>feed</c>.</summary>
    public string What { get; }

    /// <summary>Of what was made: it can be revoked by it.</summary>
    public string Id { get; }

    /// <summary>Null when the answer is another one.</summary>
    internal static SecretLostException? Find(Type wanted, byte[] answer, Exception cause)
    {
        var (what, secret) =
            wanted == typeof(MadeToken) ? ("token", "token")
            : wanted == typeof(MadeAccess) ? ("access link", "code")
            : wanted == typeof(MadeInvite) ? ("invite", "code")
            : wanted == typeof(MadeShare) ? ("share", "url")
            : wanted == typeof(MadeFeed) ? ("feed", "key")
            : ("", "");
        if (what.Length == 0)
        {
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            return
                root.ValueKind == JsonValueKind.Object
                && !root.TryGetProperty(secret, out _)
                && root.TryGetProperty("id", out var id)
                && id.ValueKind == JsonValueKind.String
                && Names.Id.IsMatch(id.GetString()!)
                ? new(what, id.GetString()!, cause)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
