namespace StoriesCli.Server.Features.Accounts;

/// <summary>Somebody made an access link for an account.</summary>
/// <param name="Account">Number of the account.</param>
/// <param name="By">Number of the account that made the link; null for the host.</param>
/// <param name="At">When it was made.</param>
internal sealed record AccessLinkMade(int Account, int? By, DateTimeOffset At);

/// <summary>A token expires soon.</summary>
/// <param name="Account">Number of the token's account.</param>
/// <param name="Others">Numbers of other accounts to warn, because a bot reads no warnings.</param>
/// <param name="TokenId">Id of the token.</param>
/// <param name="At">When the warning was given.</param>
internal sealed record TokenExpiring(int Account, int[] Others, string TokenId, DateTimeOffset At);

/// <summary>An access link, with its code.</summary>
internal sealed record AccessLink(string Id, string Code, DateTimeOffset ExpiresAt);
