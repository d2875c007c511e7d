using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>Warnings about tokens that expire soon and about access links.</summary>
internal static class TokenWarning
{
    /// <summary>What to do without the right to create a longer-lived token.</summary>
    public const string Remedy =
        "Ask an admin to run \"stories admin accounts access HANDLE\", or the host to run \"stories-server access HANDLE\". Then run \"stories join\" with the code.";

    /// <summary>Warns if the token expires within 30 days and does not renew; otherwise null.</summary>
    public static string? OfToken(Contracts.Account account, DateTimeOffset now) =>
        account is { TokenRenews: false, TokenExpiresAt: { } end } && end - now <= Limits.TokenNotice
            ? $"This token expires in {StoryText.Left(end, now)}, at {StoryText.Stamp(end)}, and does not renew."
            : null;

    /// <summary>Tells that somebody created an access link for the account lately; otherwise null.</summary>
    public static string? OfAccess(Contracts.Account account, DateTimeOffset now) =>
        account.Access is { } access
            ? $"{(access.By is { } by ? $"@{by}" : "The host")} made an access link for your account {StoryText.Age(access.At, now)} ago; "
                + (access.UsedAt is { } used ? $"it was used {StoryText.Age(used, now)} ago." : "it has not been used.")
            : null;
}
