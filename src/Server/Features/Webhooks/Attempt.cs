using System.Net;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Result of one delivery attempt.</summary>
/// <param name="Status">HTTP status of the response; null when there was none.</param>
/// <param name="Error">What went wrong, in words.</param>
/// <param name="DurationMs">Duration in milliseconds.</param>
internal sealed record Attempt(int? Status, string? Error, long DurationMs)
{
    /// <summary>How long the receiver wants no further attempt.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether nothing was left that the maker may see, so that nothing was sent.</summary>
    public bool IsWithdrawn { get; init; }

    public static Attempt Withdrawn() =>
        new(null, "nothing was sent: the story or reply is gone, or its maker may no longer see it", 0) { IsWithdrawn = true };

    public bool IsTaken => Status is >= 200 and < 300;

    /// <summary>Whether the receiver wants no events ever again.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    /// <summary>Whether another attempt is pointless.</summary>
    public bool IsOver => IsTaken || IsGone || IsWithdrawn;
}
