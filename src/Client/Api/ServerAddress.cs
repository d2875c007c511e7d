using System.Diagnostics.CodeAnalysis;

namespace StoriesCli.Client.Api;

/// <summary>A server URL: scheme, host and port only.</summary>
public static class ServerAddress
{
    /// <summary>Reads a URL such as <c>https://team.example</c> or <c>http://127.0.0.1:7867</c>.</summary>
    /// <param name="text">The user's text.</param>
    /// <param name="server">The URL, if valid.</param>
    /// <param name="fault">What is wrong with it, in one sentence, if invalid.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? server, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        if (
            !Uri.TryCreate(text?.Trim(), UriKind.Absolute, out server)
            || server.Scheme is not ("http" or "https")
            || server.Host.Length == 0
        )
        {
            fault = $"\"{Shown(text ?? "")}\" is not a server URL. Write https://host or http://host:port.";
        }
        else if (server.UserInfo.Length > 0)
        {
            fault = "A server URL contains no user name or password. Sign in with a token.";
        }
        else if (server.AbsolutePath != "/" || server.Query.Length > 0 || server.Fragment.Length > 0)
        {
            fault = $"\"{Shown(text!)}\" has more than scheme, host and port. Write {Origin(server)}.";
        }
        return fault is null;
    }

    /// <summary>Scheme, host and port, which a saved token is bound to. Leaves out the default port.</summary>
    public static string Origin(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    /// <summary>Whether traffic is protected: https, or this machine itself.</summary>
    public static bool IsProtected(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.Scheme == Uri.UriSchemeHttps || server.IsLoopback;
    }

    /// <summary>A URL without possible secrets (user, password, query, fragment), even if it is malformed.</summary>
    /// <param name="address">The given text.</param>
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

    /// <summary>A message with possible secrets removed from its URLs.</summary>
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
