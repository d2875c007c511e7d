using System.Diagnostics.CodeAnalysis;

namespace StoriesCli.Client.Api;

/// <summary>A server's address: scheme, host and port, nothing else.</summary>
public static class ServerAddress
{
    /// <summary>Reads an address such as <c>https://team.example</c> or <c>http://127.0.0.1:7867</c>.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="server">The address, when it is one.</param>
    /// <param name="fault">What is wrong with it, one sentence, when it is none.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? server, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        if (
            !Uri.TryCreate(text?.Trim(), UriKind.Absolute, out server)
            || server.Scheme is not ("http" or "https")
            || server.Host.Length == 0
        )
        {
            fault = $"\"{Shown(text ?? "")}\" is not a server's address: write it as https://host or http://host:port.";
        }
        else if (server.UserInfo.Length > 0)
        {
            fault = "A server's address holds no user name or password: sign in with a token.";
        }
        else if (server.AbsolutePath != "/" || server.Query.Length > 0 || server.Fragment.Length > 0)
        {
            fault = $"\"{Shown(text!)}\" has more than scheme, host and port: write {Origin(server)}.";
        }
        return fault is null;
    }

    /// <summary>Scheme, host and port: what a saved token is bound to. The scheme's own port is left out.</summary>
    public static string Origin(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    /// <summary>Whether what is sent there can be read on the way by nobody: https, or this machine itself.</summary>
    public static bool IsProtected(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.Scheme == Uri.UriSchemeHttps || server.IsLoopback;
    }

    /// <summary>An address without what may be a secret in it, however it is misspelt: user and password, query and fragment.</summary>
    /// <param name="address">As it was given.</param>
    public static string Shown(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.LastIndexOf('@') is > 0 and var at)
        {
            var host = address.IndexOf("//", StringComparison.Ordinal) is >= 0 and var scheme && scheme < at ? scheme + 2 : 0;
            address = $"{address[..host]}…{address[at..]}";
        }
        return address.IndexOfAny(['?', '#']) is >= 0 and var end && end < address.Length - 1 ? address[..(end + 1)] + "…" : address;
    }

    /// <summary>A message of others without what may be a secret in the addresses that it names.</summary>
    public static string WithoutSecrets(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return string.Join(
            ' ',
            message
                .Split(' ')
                .Select(word =>
                    word.Contains("//", StringComparison.Ordinal) || word.Contains('@', StringComparison.Ordinal) ? Shown(word) : word
                )
        );
    }
}
