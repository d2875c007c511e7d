namespace StoriesCli.Server.Features.Webhooks;

/// <summary>When to repeat a failed attempt: the schedule of the Standard Webhooks convention, three days in all.</summary>
internal static class RetrySchedule
{
    /// <summary>Longest <c>Retry-After</c> that is respected.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    // Spreads retries to receivers that failed at the same time.
    private const double Jitter = 0.2;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    public static int Attempts => Pauses.Length + 1;

    /// <param name="attempts">Number of failed attempts, from 1.</param>
    /// <returns>Null when the delivery is given up.</returns>
    public static TimeSpan? PauseAfter(int attempts) =>
        attempts <= Pauses.Length ? Pauses[attempts - 1] * (1 + (Jitter * Random.Shared.NextDouble())) : null;
}
