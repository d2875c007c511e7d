namespace StoriesCli.Server.Features.Webhooks;

/// <summary>When an attempt that failed is made again: the schedule that the Standard Webhooks convention proposes, three days in all.</summary>
internal static class RetrySchedule
{
    /// <summary>The longest that a receiver's <c>Retry-After</c> is obeyed.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    // Receivers that fail together are not asked again together.
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

    /// <param name="attempts">How many have failed, from 1.</param>
    /// <returns>Null when it is given up.</returns>
    public static TimeSpan? PauseAfter(int attempts) =>
        attempts <= Pauses.Length ? Pauses[attempts - 1] * (1 + (Jitter * Random.Shared.NextDouble())) : null;
}
