using System.Text.RegularExpressions;

namespace StoriesCli.Contracts;

/// <summary>The shapes of names that people choose.</summary>
public static partial class Names
{
    /// <summary>Handles that nobody may take: words of the contract and of the command line, words for many or for nobody,
    /// and names that pass for the server or for who runs it.</summary>
    public static readonly IReadOnlyList<string> ReservedHandles =
    [
        "left", "me", "selected", "team", "you",
        "all", "anyone", "channel", "everybody", "everyone", "here", "nobody", "none",
        "admin", "administrator", "admins", "moderator", "owner", "owners", "root", "security", "server", "stories", "stories-cli", "stories-server", "support", "sysadmin", "system",
        "access",
    ];

    /// <summary><c>[a-z0-9_-]{2,32}</c>.</summary>
    [GeneratedRegex(@"\A[a-z0-9_-]{2,32}\z")]
    public static partial Regex Handle { get; }
    /// <summary><c>[a-z0-9-]{1,32}</c>.</summary>
    [GeneratedRegex(@"\A[a-z0-9-]{1,32}\z")]
    public static partial Regex Tag { get; }
    /// <summary><c>[a-z0-9._/-]{1,64}</c>.</summary>
    [GeneratedRegex(@"\A[a-z0-9._/-]{1,64}\z")]
    public static partial Regex Slot { get; }
    /// <summary>The name of a highlight, <c>[a-z0-9._-]{1,64}</c>, but not dots alone.</summary>
    [GeneratedRegex(@"\A(?!\.+\z)[a-z0-9._-]{1,64}\z")]
    public static partial Regex Highlight { get; }
    /// <summary><c>[a-z0-9_-]{1,32}</c>, without the <c>+</c> that an audience writes before it.</summary>
    [GeneratedRegex(@"\A[a-z0-9_-]{1,32}\z")]
    public static partial Regex Circle { get; }
    /// <summary>A ULID in lower case.</summary>
    [GeneratedRegex(@"\A[0-7][0-9a-hjkmnp-tv-z]{25}\z")]
    public static partial Regex Id { get; }
}
