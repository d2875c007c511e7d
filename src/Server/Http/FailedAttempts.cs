using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Limits failed attempts by address, so that codes cannot be guessed, and logs the first of each address. Those who succeed are never limited.</summary>
internal sealed class FailedAttempts(ILogger<FailedAttempts> log) : IDisposable
{
    private const int FailuresPerWindow = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>As many lines of one address as programs like fail2ban count before they act, with room to spare.</summary>
    internal const int LinesPerAddress = 10;

    /// <summary>A caller with many addresses cannot fill the log either.</summary>
    internal const int LinesInTotal = 200;
    private static readonly TimeSpan LogWindow = TimeSpan.FromMinutes(10);

    private readonly PartitionedRateLimiter<HttpContext> _failures = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetSlidingWindowLimiter(
            AddressKey(context.Connection.RemoteIpAddress),
            _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = FailuresPerWindow,
                Window = Window,
                SegmentsPerWindow = 6,
            }
        )
    );

    private readonly PartitionedRateLimiter<HttpContext> _lines = PartitionedRateLimiter.CreateChained(
        Lines(context => AddressKey(context.Connection.RemoteIpAddress), LinesPerAddress),
        Lines(_ => "all", LinesInTotal)
    );

    /// <exception cref="ApiProblem"><c>rate_limited</c> when this address has failed too often.</exception>
    public void ThrowIfExhausted(HttpContext context)
    {
        if (_failures.GetStatistics(context) is { CurrentAvailablePermits: 0 })
        {
            throw Limited();
        }
    }

    /// <summary>Counts a failed attempt and answers with what the caller is told: <paramref name="problem"/>, or <c>rate_limited</c>.</summary>
    public ApiProblem Count(HttpContext context, ApiProblem problem)
    {
        using var line = _lines.AttemptAcquire(context);
        if (line.IsAcquired)
        {
            Log.AttemptFailed(log, context.Connection.RemoteIpAddress?.Unmapped().ToString() ?? "a socket", problem.Error.Code);
        }
        using var lease = _failures.AttemptAcquire(context);
        return lease.IsAcquired ? problem : Limited();
    }

    public void Dispose()
    {
        _failures.Dispose();
        _lines.Dispose();
    }

    private static PartitionedRateLimiter<HttpContext> Lines(Func<HttpContext, string> key, int count) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context =>
            RateLimitPartition.GetFixedWindowLimiter(
                key(context),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = count, Window = LogWindow }
            )
        );

    private static ApiProblem Limited() =>
        new(Errors.RateLimited, $"more than {FailuresPerWindow} failed attempts within {Window.TotalSeconds} s from this address")
        {
            RetryAfter = Window,
        };

    /// <summary>An IPv6 network hands out /64s, so that a single host owns 2^64 addresses: they count as one.</summary>
    internal static string AddressKey(IPAddress? address)
    {
        if (address is null)
        {
            return "local";
        }
        address = address.Unmapped();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
