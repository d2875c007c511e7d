namespace StoriesCli.Contracts;

/// <summary>Form of the link of an invite or access link. The code stands behind <c>#</c>, so that browsers do not send it.</summary>
public static class JoinAddress
{
    /// <summary>Path of the page that the link leads to.</summary>
    public const string Path = "/join";

    /// <summary>The link with a code.</summary>
    /// <param name="origin">Scheme, host and port of the server, without a slash at the end.</param>
    /// <param name="code">The code.</param>
    public static string Of(string origin, string code) => $"{origin}{Path}#{code}";
}
