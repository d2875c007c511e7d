using System.Text.RegularExpressions;

namespace StoriesCli.Contracts;

/// <summary>Patterns of the names that people choose.</summary>
public static partial class Names
{
    /// <summary>Shown in place of the handle of a deleted account.</summary>
    public const string LeftHandle = "left";

    /// <summary>Handles that nobody may take: words of the API and the command line, words for many or for nobody,
    /// and names that could be mistaken for the server or its host.</summary>
    public static readonly IReadOnlyList<string> ReservedHandles =
    [
        LeftHandle,
        "me",
        "selected",
        "team",
        "you",
        "all",
        "anybody",
        "anyone",
        "bot",
        "bots",
        "channel",
        "everybody",
        "everyone",
        "here",
        "member",
        "members",
        "no-one",
        "nobody",
        "none",
        "null",
        "somebody",
        "someone",
        "undefined",
        "user",
        "users",
        "admin",
        "administrator",
        "administrators",
        "admins",
        "host",
        "hosts",
        "mod",
        "moderator",
        "moderators",
        "mods",
        "operator",
        "operators",
        "owner",
        "owners",
        "root",
        "security",
        "server",
        "stories",
        "stories-cli",
        "stories-server",
        "su",
        "sudo",
        "superuser",
        "support",
        "sysadmin",
        "system",
        "the-host",
        "the-server",
        "the-team",
        "access",
    ];

    private static readonly HashSet<string> ReservedWithoutSeparators = [.. ReservedHandles.Select(WithoutSeparators)];

    /// <summary>Whether a handle is one of <see cref="ReservedHandles"/>, or looks like one, such as <c>admin_</c> and <c>no_one</c>.</summary>
    public static bool IsReserved(string handle) => ReservedWithoutSeparators.Contains(WithoutSeparators(handle));

    private static string WithoutSeparators(string handle) => string.Concat(handle.Where(c => c is not ('-' or '_' or '.')));

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
