using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>A token, invite, share or feed key was created, but the answer with its secret was lost. Repeating the request does not return the secret.</summary>
public sealed class SecretLostException : Exception
{
    private SecretLostException(string what, string id, Exception cause)
        : base($"The {what} {id} was created, but the answer with its secret was lost, and the server shows it only once.", cause)
    {
        What = what;
        Id = id;
    }

    /// <summary><c>token</c>, <c>access link</c>, <c>invite</c>, <c>share</c> or <c>feed</c>.</summary>
    public string What { get; }

    /// <summary>Its id, to revoke it.</summary>
    public string Id { get; }

    /// <summary>Null if the answer is a different one.</summary>
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
