using System.Net;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>How one attempt to tell a webhook ended.</summary>
/// <param name="Status">Of the answer; null when there was none.</param>
/// <param name="Error">What went wrong, in words.</param>
/// <param name="DurationMs">How long it took.</param>
internal sealed record Attempt(int? Status, string? Error, long DurationMs)
{
    /// <summary>How long the receiver wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether there was nothing left that the maker may see, so that nothing was sent.</summary>
    public bool IsWithdrawn { get; init; }

    public static Attempt Withdrawn() =>
        new(null, "nothing was sent: what it was about is gone, or its maker may not see it any longer", 0) { IsWithdrawn = true };

    public bool IsTaken => Status is >= 200 and < 300;

    /// <summary>Whether the receiver wants to hear nothing ever again.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    /// <summary>Whether there is no sense in another one.</summary>
    public bool IsOver => IsTaken || IsGone || IsWithdrawn;
}
