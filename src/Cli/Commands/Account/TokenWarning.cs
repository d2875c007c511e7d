using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>What somebody must know of their way in before it closes.</summary>
internal static class TokenWarning
{
    /// <summary>What helps whoever cannot make a token that lives longer.</summary>
    public const string Remedy =
        "Ask an admin for \"stories admin accounts access HANDLE\", or the host for \"stories-server access HANDLE\", and then run \"stories join\" with its code.";

    /// <summary>That the token ends within 30 days; null when it does not, or when use moves its end.</summary>
    public static string? OfToken(Contracts.Account account, DateTimeOffset now) =>
        account is { TokenRenews: false, TokenExpiresAt: { } end } && end - now <= Limits.TokenNotice
            ? $"This token ends in {StoryText.Left(end, now)}, at {StoryText.Stamp(end)}, and does not renew."
            : null;

    /// <summary>That somebody made an access link for the account; null when nobody did lately.</summary>
    public static string? OfAccess(Contracts.Account account, DateTimeOffset now) =>
        account.Access is { } access
            ? $"{(access.By is { } by ? $"@{by}" : "The host")} made an access link for your account {StoryText.Age(access.At, now)} ago; "
                + (access.UsedAt is { } used ? $"it was used {StoryText.Age(used, now)} ago." : "it was not used.")
            : null;
}
