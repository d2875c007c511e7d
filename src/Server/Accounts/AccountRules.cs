using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Accounts;

/// <summary>What roles may do, and what names and lives are allowed.</summary>
internal static class AccountRules
{
    private static readonly string[] RolesByRank = [Roles.Bot, Roles.Member, Roles.Admin, Roles.Owner];
    private static readonly TimeSpan InviteTtlMaximum = TimeSpan.FromDays(30);

    public static string[] ScopesOf(string role) => role is Roles.Owner or Roles.Admin ? [Scopes.Read, Scopes.Post, Scopes.Admin] : [Scopes.Read, Scopes.Post];

    /// <summary>Whether the second role is the first or below it.</summary>
    public static bool Covers(string role, string other) => Rank(role) >= Rank(other);

    /// <exception cref="Failure"><c>invalid_request</c>, <c>role_missing</c>.</exception>
    public static string InvitedRole(string? asked, string inviter) => GivenRole(asked ?? Roles.Member, inviter, "invite");

    /// <summary>A role that somebody gives to another.</summary>
    /// <exception cref="Failure"><c>invalid_request</c>, <c>role_missing</c>.</exception>
    public static string GivenRole(string role, string giver, string verb)
    {
        if (Rank(role) < 0)
        {
            throw Failure.Invalid("role", $"must be one of {string.Join(", ", RolesByRank)}, was \"{Seen.Of(role)}\"");
        }
        return Covers(giver, role) ? role : throw new Failure(Errors.RoleMissing, $"{giver} may not {verb} {role}: only roles up to one's own");
    }

    /// <exception cref="Failure"><c>invalid_request</c>.</exception>
    public static TimeSpan InviteTtl(string? asked) => Ttl(asked, Limits.InviteTtl, InviteTtlMaximum);

    /// <summary>When a new token ends: no later than the token it is made with.</summary>
    /// <exception cref="Failure"><c>invalid_request</c>.</exception>
    public static DateTimeOffset TokenEnd(string? asked, DateTimeOffset now, DateTimeOffset makersEnd)
    {
        var end = now + Ttl(asked, makersEnd - now, Limits.TokenTtl);
        return end <= makersEnd ? end : throw Failure.Invalid("ttl", $"must end no later than the token it is made with, which has {Durations.Format(makersEnd - now)} left, was {Seen.Of(asked)}");
    }

    /// <exception cref="Failure"><c>invalid_request</c>, <c>scope_missing</c>.</exception>
    public static string[] TokenScopes(string[]? asked, CurrentAccount maker)
    {
        string[] known = [Scopes.Read, Scopes.Post, Scopes.Admin];
        string[] scopes = [.. (asked ?? maker.Scopes).Distinct()];
        if (scopes.Length == 0 || scopes.FirstOrDefault(s => !known.Contains(s)) is not null)
        {
            throw Failure.Invalid("scopes", $"must be some of {string.Join(", ", known)}, was \"{Seen.Of(string.Join(", ", scopes))}\"");
        }
        return scopes.FirstOrDefault(s => !maker.Has(s)) is { } beyond
            ? throw new Failure(Errors.ScopeMissing, $"a token can give no scope that it lacks itself: {beyond}")
            : scopes;
    }

    /// <summary>A name for people to read, cleaned; <paramref name="fallback"/> when there is none.</summary>
    public static string Name(FieldFaults faults, string field, string? asked, string fallback, int maximum)
    {
        var name = CleanText.OneLine(asked ?? "").Trim();
        var length = name.EnumerateRunes().Count();
        if (length > maximum)
        {
            faults.Add(field, $"must have at most {maximum} characters, has {length}");
        }
        return name.Length == 0 ? fallback : name;
    }

    private static int Rank(string role) => Array.IndexOf(RolesByRank, role);

    private static TimeSpan Ttl(string? asked, TimeSpan otherwise, TimeSpan maximum)
    {
        if (asked is null)
        {
            return otherwise;
        }
        return Durations.TryParse(asked, out var ttl) && ttl > TimeSpan.Zero && ttl <= maximum
            ? ttl
            : throw Failure.Invalid("ttl", $"must be a duration up to {Durations.Format(maximum)}, was \"{Seen.Of(asked)}\"");
    }
}
