using System.Net;
using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace StoriesCli.Client.Api;

/// <summary>Which errors allow a retry.</summary>
internal enum RetryRule
{
    /// <summary>Repeating the request does no harm, even if the server received it.</summary>
    AnyFault,

    /// <summary>Repeating could act twice: retry only if the server cannot have acted.</summary>
    OnlyUnsent,
}

/// <summary>Retries after network errors and temporary statuses, with growing pauses.</summary>
internal sealed class Retries(ApiClientOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Do not wait long for a server that is back after half a minute.
    private static readonly TimeSpan LongestPauseInTime = TimeSpan.FromSeconds(5);
    private static readonly ResiliencePropertyKey<long> Began = new("stories.began");

    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _anyFault = new(() => Build(options, RetryRule.AnyFault));
    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _onlyUnsent = new(() => Build(options, RetryRule.OnlyUnsent));

    public async Task<HttpResponseMessage> RunAsync(
        RetryRule rule,
        Func<CancellationToken, Task<HttpResponseMessage>> send,
        CancellationToken cancel
    )
    {
        var began = options.Clock.GetTimestamp();
        var first = await TryAsync(send, cancel).ConfigureAwait(false);
        if (options.Retries == 0 || !ShouldRetry(first, options, rule))
        {
            first.ThrowIfException();
            return first.Result!;
        }
        // Built on first use: most calls need no retry, and building costs a command most of its start-up.
        Outcome<HttpResponseMessage>? replay = first;
        var context = ResilienceContextPool.Shared.Get(cancel);
        context.Properties.Set(Began, began);
        var pipeline = rule == RetryRule.AnyFault ? _anyFault.Value : _onlyUnsent.Value;
        try
        {
            return await pipeline
                .ExecuteAsync(
                    async retry =>
                    {
                        var outcome = replay ?? await TryAsync(send, retry.CancellationToken).ConfigureAwait(false);
                        replay = null;
                        outcome.ThrowIfException();
                        return outcome.Result!;
                    },
                    context
                )
                .ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Whether a retry may help after this error.</summary>
    public static bool IsPassing(HttpRequestException fault, RetryRule rule = RetryRule.AnyFault) =>
        fault.HttpRequestError switch
        {
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => true,
            HttpRequestError.SecureConnectionError => fault.InnerException is not AuthenticationException,
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError =>
                false,
            _ => rule == RetryRule.AnyFault,
        };

    private static ResiliencePipeline<HttpResponseMessage> Build(ApiClientOptions options, RetryRule rule)
    {
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = options.Clock }
            .AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = options.Retries ?? int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = options.RetryPause,
                    MaxDelay = options.Retries is null ? LongestPauseInTime : LongestPause,
                    ShouldHandle = failed =>
                        ValueTask.FromResult(IsInTime(failed.Context, options) && ShouldRetry(failed.Outcome, options, rule)),
                    DelayGenerator = failed => ValueTask.FromResult(WantedPause(failed.Outcome.Result, options.Clock)),
                    OnRetry = failed =>
                    {
                        options.OnRetry?.Invoke(new(failed.AttemptNumber + 2, failed.RetryDelay, Reason(failed.Outcome)));
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();
    }

    private static bool IsInTime(ResilienceContext context, ApiClientOptions options) =>
        options.Retries is not null || options.Clock.GetElapsedTime(context.Properties.GetValue(Began, 0)) < options.RetryTime;

    private static async Task<Outcome<HttpResponseMessage>> TryAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> send,
        CancellationToken cancel
    )
    {
        try
        {
            return Outcome.FromResult(await send(cancel).ConfigureAwait(false));
        }
        catch (HttpRequestException fault)
        {
            return Outcome.FromException<HttpResponseMessage>(fault);
        }
    }

    private static bool ShouldRetry(Outcome<HttpResponseMessage> outcome, ApiClientOptions options, RetryRule rule) =>
        outcome switch
        {
            { Exception: HttpRequestException fault } => IsPassing(fault, rule),
            { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => !(
                WantedPause(outcome.Result, options.Clock) > options.RetryAfterMaximum
            ),
            { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout } => rule == RetryRule.AnyFault,
            _ => false,
        };

    /// <summary>The pause from <c>Retry-After</c>; null for the default pause.</summary>
    private static TimeSpan? WantedPause(HttpResponseMessage? answer, TimeProvider clock)
    {
        var after = answer?.Headers.RetryAfter;
        var pause = after?.Delta ?? (after?.Date - clock.GetUtcNow());
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    private static string Reason(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException fault
            ? ServerUnreachableException.Describe(fault)
            : $"the server answered {(int)outcome.Result!.StatusCode}";
}
