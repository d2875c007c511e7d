namespace StoriesCli.Server.Features.Accounts;

/// <summary>Somebody made a link that lets its holder into an account.</summary>
/// <param name="Account">Number of the account.</param>
/// <param name="By">Number of the account that made the link; null for the host.</param>
/// <param name="At">When.</param>
internal sealed record AccessLinkMade(int Account, int? By, DateTimeOffset At);

/// <summary>A token ends soon.</summary>
/// <param name="Account">Number of the token's account.</param>
/// <param name="Others">Numbers of others who are warned: a bot reads no warnings.</param>
/// <param name="TokenId">Id of the token.</param>
/// <param name="At">When the warning was given.</param>
internal sealed record TokenExpiring(int Account, int[] Others, string TokenId, DateTimeOffset At);

/// <summary>A link that lets its holder into an account, with its secret.</summary>
internal sealed record AccessLink(string Id, string Code, DateTimeOffset ExpiresAt);
