using System.Diagnostics.CodeAnalysis;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The link of an invite or of an access link: <c>https://team.example/join#CODE</c>. The code stands behind <c>#</c>, so that browsers do not send it.</summary>
public static class JoinLink
{
    /// <summary>Takes a link apart.</summary>
    /// <param name="text">What the user gave.</param>
    /// <param name="server">Scheme, host and port, as text.</param>
    /// <param name="code">The code.</param>
    /// <returns>Whether it is such a link. A server URL alone is none.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? server, [NotNullWhen(true)] out string? code)
    {
        (server, code) = (null, null);
        if (
            !Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var link)
            || link.Scheme is not ("http" or "https")
            || link.UserInfo.Length > 0
            || link.AbsolutePath.TrimEnd('/') != JoinAddress.Path
            || link.Fragment.Length < 2
        )
        {
            return false;
        }
        (server, code) = (ServerAddress.Origin(link), link.Fragment[1..]);
        return true;
    }

    /// <summary>The link to send to somebody.</summary>
    /// <param name="made">The server's link; null if it knows none.</param>
    /// <param name="code">The code, which only the server's first answer contains.</param>
    /// <param name="server">The server's address as this program reaches it.</param>
    public static string Of(string? made, string code, Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        // A server that knows only its loopback address cannot know that others reach it through a proxy.
        var isReachable = Uri.TryCreate(made, UriKind.Absolute, out var link) && (!link.IsLoopback || server.IsLoopback);
        return isReachable ? made! : JoinAddress.Of(ServerAddress.Origin(server), code);
    }
}
