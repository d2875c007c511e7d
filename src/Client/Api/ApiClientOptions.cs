namespace StoriesCli.Client.Api;

/// <summary>How an <see cref="ApiClient"/> retries and what it allows.</summary>
public sealed record ApiClientOptions
{
    /// <summary>Tries after the first one, 0–100; null for as many as <see cref="RetryTime"/> allows.</summary>
    public int? Retries { get; init; }

    /// <summary>For how long tries go on where <see cref="Retries"/> says no number; the last one begins after it. A server that restarts is back by then.</summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before the second try; it doubles with each, with jitter, up to 30 seconds, and up to 5 where <see cref="RetryTime"/> counts.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest <c>Retry-After</c> that is waited out; beyond it the refusal is reported at once.</summary>
    public TimeSpan RetryAfterMaximum { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a connection may take to open.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long no byte may move either way before a try counts as failed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether plain http to another machine is allowed; the token and all media then travel readable.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Which proxy leads to which server; null for that of the environment. Loopback is never asked for through one.</summary>
    public System.Net.IWebProxy? Proxy { get; init; }

    /// <summary>Told before each pause, on any thread.</summary>
    public Action<RetryNotice>? OnRetry { get; init; }

    /// <summary>Keeps the JSON of whatever is read, for who passes it on; null keeps nothing.</summary>
    public ReceivedJson? Received { get; init; }

    /// <summary>The <c>User-Agent</c> header.</summary>
    public string UserAgent { get; init; } = "stories-cli";

    /// <summary>Measures pauses and idle time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>A try failed, and another follows.</summary>
/// <param name="Try">Number of the try that follows, from 2.</param>
/// <param name="Pause">How long it waits before.</param>
/// <param name="Reason">What failed, one sentence.</param>
public sealed record RetryNotice(int Try, TimeSpan Pause, string Reason)
{
    /// <summary>No number of tries ends it: a stream of events is opened again until somebody ends the listening.</summary>
    public bool IsEndless { get; init; }
}
