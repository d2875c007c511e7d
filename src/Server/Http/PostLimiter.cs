using System.Globalization;
using System.Threading.RateLimiting;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Limits how fast an account posts, so that a script that runs away does not fill everybody's tray.</summary>
internal static class PostLimiter
{
    /// <summary>An account that was quiet may post so many minutes' worth at once.</summary>
    public const int BurstMinutes = 10;

    public const string Policy = "post";

    /// <param name="services">Of the server.</param>
    /// <param name="perMinute">Stories an account may post in a minute on average.</param>
    public static void AddPostLimiter(this IServiceCollection services, int perMinute)
    {
        var options = new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute * BurstMinutes,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / perMinute,
        };
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(
                Policy,
                // An account has one bucket, which is dropped once it is full again: there are never more than accounts that post.
                context => RateLimitPartition.GetTokenBucketLimiter(context.Account().Number, _ => options)
            );
            limiter.OnRejected = (rejected, _) =>
                throw new ApiProblem(
                    Errors.RateLimited,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"an account may post {Counted.Stories(perMinute)} a minute, and {options.TokenLimit:N0} at once after a pause; yours has posted more"
                    )
                )
                {
                    RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : options.ReplenishmentPeriod,
                };
        });
    }
}
