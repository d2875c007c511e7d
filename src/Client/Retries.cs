using System.Net;
using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace StoriesCli.Client;

/// <summary>Which faults allow another try.</summary>
internal enum RetryRule
{
    /// <summary>The request may have reached the server: repeating it does no harm.</summary>
    AnyFault,
    /// <summary>Repeating could do it twice: only where the server cannot have acted on it.</summary>
    OnlyUnsent,
}

/// <summary>Tries again after network faults and the statuses that ask for it, with growing pauses.</summary>
internal sealed class Retries(ApiClientOptions options)
{
    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _anyFault = new(() => Build(options, RetryRule.AnyFault));
    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _onlyUnsent = new(() => Build(options, RetryRule.OnlyUnsent));

    public async Task<HttpResponseMessage> RunAsync(RetryRule rule, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancel)
    {
        var first = await TryAsync(send, cancel).ConfigureAwait(false);
        if (options.Retries == 0 || !ShouldRetry(first, options, rule))
        {
            first.ThrowIfException();
            return first.Result!;
        }
        // Most calls need no second try, and the pipeline costs a command more time than all its other preparations.
        Outcome<HttpResponseMessage>? replay = first;
        var pipeline = rule == RetryRule.AnyFault ? _anyFault.Value : _onlyUnsent.Value;
        return await pipeline.ExecuteAsync(async stop =>
        {
            var outcome = replay ?? await TryAsync(send, stop).ConfigureAwait(false);
            replay = null;
            outcome.ThrowIfException();
            return outcome.Result!;
        }, cancel).ConfigureAwait(false);
    }

    /// <summary>Whether a request that failed like this may have better luck.</summary>
    public static bool IsPassing(HttpRequestException fault, RetryRule rule = RetryRule.AnyFault) => fault.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => true,
        HttpRequestError.SecureConnectionError => fault.InnerException is not AuthenticationException,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError => false,
        _ => rule == RetryRule.AnyFault,
    };

    private static ResiliencePipeline<HttpResponseMessage> Build(ApiClientOptions options, RetryRule rule)
    {
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = options.Clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryPause,
                MaxDelay = TimeSpan.FromSeconds(30),
                ShouldHandle = failed => ValueTask.FromResult(ShouldRetry(failed.Outcome, options, rule)),
                DelayGenerator = failed => ValueTask.FromResult(WantedPause(failed.Outcome.Result, options.Clock)),
                OnRetry = failed =>
                {
                    options.OnRetry?.Invoke(new(failed.AttemptNumber + 2, failed.RetryDelay, Reason(failed.Outcome)));
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    private static async Task<Outcome<HttpResponseMessage>> TryAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancel)
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

    private static bool ShouldRetry(Outcome<HttpResponseMessage> outcome, ApiClientOptions options, RetryRule rule) => outcome switch
    {
        { Exception: HttpRequestException fault } => IsPassing(fault, rule),
        { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } =>
            !(WantedPause(outcome.Result, options.Clock) > options.RetryAfterMaximum),
        { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout } => rule == RetryRule.AnyFault,
        _ => false,
    };

    /// <summary>What <c>Retry-After</c> says; null leaves the pause to the growing one.</summary>
    private static TimeSpan? WantedPause(HttpResponseMessage? answer, TimeProvider clock)
    {
        var after = answer?.Headers.RetryAfter;
        var pause = after?.Delta ?? (after?.Date - clock.GetUtcNow());
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    private static string Reason(Outcome<HttpResponseMessage> outcome) => outcome.Exception is HttpRequestException fault
        ? ServerUnreachableException.Describe(fault)
        : $"the server answered {(int)outcome.Result!.StatusCode}";
}
