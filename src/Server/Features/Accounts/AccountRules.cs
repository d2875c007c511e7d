using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Rules for roles, names and lifetimes.</summary>
internal static class AccountRules
{
    private static readonly string[] RolesByRank = [Roles.Bot, Roles.Member, Roles.Admin, Roles.Owner];
    private static readonly TimeSpan InviteTtlMaximum = TimeSpan.FromDays(30);

    /// <summary>Someone who makes a token with a shorter lifetime knows that it expires.</summary>
    public static readonly TimeSpan WarnedLife = TimeSpan.FromDays(7);

    public static string[] ScopesOf(string role) =>
        role is Roles.Owner or Roles.Admin ? [Scopes.Read, Scopes.Post, Scopes.Admin] : [Scopes.Read, Scopes.Post];

    /// <summary>Whether <paramref name="other"/> is the same role or a lower one.</summary>
    public static bool Covers(string role, string other) => Rank(role) >= Rank(other);

    /// <exception cref="ApiProblem"><c>invalid_request</c>, <c>role_missing</c>.</exception>
    public static string InvitedRole(string? asked, string inviter) => GivenRole(asked ?? Roles.Member, inviter, "invite");

    /// <summary>Checks a role that one account gives to another.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c>, <c>role_missing</c>.</exception>
    public static string GivenRole(string role, string giver, string verb)
    {
        if (Rank(role) < 0)
        {
            throw ApiProblem.Invalid("role", $"must be one of {string.Join(", ", RolesByRank)}, was \"{Excerpt.Of(role)}\"");
        }
        return Covers(giver, role)
            ? role
            : throw new ApiProblem(Errors.RoleMissing, $"{giver} may not {verb} {role}: only roles up to {giver}");
    }

    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    private static TimeSpan InviteTtl(string? asked) => Ttl(asked, Limits.InviteTtl, InviteTtlMaximum);

    /// <summary>When a new invite expires: not after the token it is made with, unless that one renews.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when a longer lifetime was requested.</exception>
    public static DateTimeOffset InviteEnd(string? asked, DateTimeOffset now, CurrentAccount maker)
    {
        var end = now + InviteTtl(asked);
        return maker.TokenRenews || end <= maker.TokenExpiresAt ? end
            : asked is null ? maker.TokenExpiresAt
            : throw ApiProblem.Invalid(
                "ttl",
                $"must end no later than the token it is made with, which has {Durations.Format(maker.TokenExpiresAt - now)} left, was {Excerpt.Of(asked)}"
            );
    }

    /// <summary>When a new token expires: not after the token it is made with; null when no lifetime was requested.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    public static DateTimeOffset? TokenEnd(string? asked, DateTimeOffset now, DateTimeOffset makersEnd)
    {
        if (asked is null)
        {
            return null;
        }
        // Rows store whole milliseconds.
        now = now.ToWholeMilliseconds();
        var end = now + Ttl(asked, makersEnd - now, Limits.TokenTtl);
        return end <= makersEnd
            ? end
            : throw ApiProblem.Invalid(
                "ttl",
                $"must end no later than the token it is made with, which has {Durations.Format(makersEnd - now)} left, was {Excerpt.Of(asked)}"
            );
    }

    /// <exception cref="ApiProblem"><c>invalid_request</c>, <c>scope_missing</c>.</exception>
    public static string[] TokenScopes(string[]? asked, CurrentAccount maker)
    {
        string[] known = [Scopes.Read, Scopes.Post, Scopes.Admin];
        string[] scopes = [.. (asked ?? maker.Scopes).Distinct()];
        if (scopes.Length == 0 || scopes.FirstOrDefault(s => !known.Contains(s)) is not null)
        {
            throw ApiProblem.Invalid(
                "scopes",
                $"must be some of {string.Join(", ", known)}, was \"{Excerpt.Of(string.Join(", ", scopes))}\""
            );
        }
        return scopes.FirstOrDefault(s => !maker.Has(s)) is { } beyond
            ? throw new ApiProblem(Errors.ScopeMissing, $"a token can give no scope that it lacks itself: {beyond}")
            : scopes;
    }

    /// <param name="faults">Receives the faults.</param>
    /// <param name="handle">The handle as sent.</param>
    /// <param name="isNew">Whether it is being chosen now. A handle that was chosen earlier stays valid, whatever has been reserved since.</param>
    public static void CheckHandle(ValidationErrors faults, string handle, bool isNew)
    {
        if (!Names.Handle.IsMatch(handle))
        {
            faults.Add("handle", $"must be 2 to 32 of a-z, 0-9, _ and -, was \"{Excerpt.Of(handle)}\"");
        }
        else if (isNew && handle[0] == '-')
        {
            faults.Add("handle", $"must not begin with -, which commands take for an option, was \"{handle}\"");
        }
        else if (isNew && Names.IsReserved(handle))
        {
            faults.Add("handle", $"\"{handle}\" means something else here, or looks like a word that does: choose another");
        }
    }

    /// <summary>A display name, cleaned; <paramref name="fallback"/> when there is none.</summary>
    public static string Name(ValidationErrors faults, string field, string? asked, string fallback, int maximum)
    {
        var clean = CleanText.OneLine(asked ?? "").Trim();
        var name = VisibleText.WithoutInvisible(clean).Trim();
        if (clean.Length > 0 && !VisibleText.ShowsSomething(name))
        {
            faults.Add(field, ValidationErrors.Invisible);
        }
        if (VisibleText.LongestMarkRun(name) is var marks && marks > Limits.MarksInARow)
        {
            faults.Add(field, $"must have at most {Limits.MarksInARow} combining marks in a row, has {marks}");
        }
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
            : throw ApiProblem.Invalid("ttl", $"must be a duration up to {Durations.Format(maximum)}, was \"{Excerpt.Of(asked)}\"");
    }
}
