namespace StoriesCli.Client.Api;

/// <summary>How an <see cref="ApiClient"/> retries and what it allows.</summary>
public sealed record ApiClientOptions
{
    /// <summary>Number of retries, 0–100; null for as many as <see cref="RetryTime"/> allows.</summary>
    public int? Retries { get; init; }

    /// <summary>How long retries go on if <see cref="Retries"/> is null. The last retry begins after this time, which is enough for a server to restart.</summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before the first retry. It doubles with each, with jitter, up to 30 seconds, or up to 5 if <see cref="RetryTime"/> applies.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest <c>Retry-After</c> to wait for. A longer one is reported at once.</summary>
    public TimeSpan RetryAfterMaximum { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time limit for opening a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a try may pass without any byte moving.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether plain http to another machine is allowed. Others can then read the token and media.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>The proxy; null for the environment's. Loopback never goes through a proxy.</summary>
    public System.Net.IWebProxy? Proxy { get; init; }

    /// <summary>Called before each pause, on any thread.</summary>
    public Action<RetryNotice>? OnRetry { get; init; }

    /// <summary>Keeps the JSON of everything that is read, to pass it on; null keeps nothing.</summary>
    public ReceivedJson? Received { get; init; }

    /// <summary>The <c>User-Agent</c> header.</summary>
    public string UserAgent { get; init; } = "stories-cli";

    /// <summary>Measures pauses and idle time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>A try failed and is retried.</summary>
/// <param name="Try">Number of the try that follows, from 2.</param>
/// <param name="Pause">The pause before it.</param>
/// <param name="Reason">What failed, one sentence.</param>
public sealed record RetryNotice(int Try, TimeSpan Pause, string Reason)
{
    /// <summary>Whether retries never end, as for an event stream.</summary>
    public bool IsEndless { get; init; }
}
