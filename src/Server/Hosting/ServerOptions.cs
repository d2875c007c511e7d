using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Hosting;

/// <summary>What the host decides. Every value has been checked; <see cref="OptionTable"/> lists names, defaults and meanings.</summary>
internal sealed record ServerOptions
{
    public required string Data { get; init; }
    public required IReadOnlyList<ListenAddress> Listen { get; init; }
    public Uri? BaseUrl { get; init; }

    /// <summary>Who may connect to the sockets of <see cref="Listen"/>.</summary>
    public UnixFileMode ListenMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the metrics are told; nowhere when null.</summary>
    public ListenAddress? MetricsListen { get; init; }

    /// <summary>PEM files, read anew when they change. Both or neither are set.</summary>
    public string? TlsCertificate { get; init; }
    public string? TlsKey { get; init; }

    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;

    public TimeSpan MinTtl { get; init; } = Limits.MinTtl;
    public TimeSpan MaxTtl { get; init; } = Limits.MaxTtl;
    public TimeSpan DefaultTtl { get; init; } = Limits.DefaultTtl;

    /// <summary>How long after a story's expiry its replies are readable; never longer than <see cref="Limits.TombstoneLife"/>, which says who could see it.</summary>
    public TimeSpan ThreadRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a token lives from when it was made, however much it is used; null where people's renew by use.</summary>
    public TimeSpan? TokenLifetime { get; init; }

    public MediaLimits Media { get; init; } = new();

    public long QuotaTotalBytes { get; init; } = 50L << 30;
    public long QuotaAccountBytes { get; init; } = 5L << 30;
    public long DiskFloorBytes { get; init; } = 1L << 30;

    /// <summary>In which time all media are read once and compared with their hashes.</summary>
    public TimeSpan MediaCheck { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Another libvips to use instead of the one inside the binary.</summary>
    public string? VipsLibrary { get; init; }

    /// <summary>What makes posters of videos.</summary>
    public FfmpegChoice Ffmpeg { get; init; } = FfmpegChoice.Off;

    /// <summary>What makes JPEG of HEIC pictures.</summary>
    public HeicChoice Heic { get; init; } = HeicChoice.Off;

    /// <summary>Networks that webhooks may reach although they are private or local.</summary>
    public IReadOnlyList<System.Net.IPNetwork> WebhookAllow { get; init; } = [];

    /// <summary>How long an answer, or an event, waits for a reader that takes nothing of it. No option: tests have less.</summary>
    public TimeSpan ReaderPatience { get; init; } = TimeSpan.FromSeconds(30);

    public string LogLevel { get; init; } = "information";
    public string LogFormat { get; init; } = "text";

    /// <summary>Whether each request is logged, or only those that took long.</summary>
    public bool LogAllRequests { get; init; }

    /// <summary>A file to log to beside standard error; a date and a number are put into its name.</summary>
    public string? LogFile { get; init; }

    /// <summary>An address that somebody on this machine, or by <see cref="BaseUrl"/> anywhere, can use.</summary>
    /// <param name="listening">Where the server listens now, or would.</param>
    public string UrlForPeople(IEnumerable<string> listening) =>
        BaseUrl?.ToString().TrimEnd('/') ?? listening.Select(Reachable).OfType<string>().FirstOrDefault() ?? "ADDRESS";

    // All addresses is none that one could connect to, a port that is still to be chosen is none, and a socket is for a proxy.
    private static string? Reachable(string url) =>
        ListenAddress.TryParse(
            url.Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
                .Replace("://*", "://127.0.0.1", StringComparison.Ordinal),
            out var address
        )
        && address is { SocketPath: null, Port: > 0 }
        && !url.Contains("unix:", StringComparison.Ordinal)
            ? address.Text.TrimEnd('/')
            : null;

    /// <summary>With a certificate: the https addresses, or when there is none of them every address that is not a socket.</summary>
    public bool SpeaksTls(ListenAddress address) =>
        TlsCertificate is not null && address.SocketPath is null && (address.IsHttps || !Listen.Any(a => a.IsHttps));
}

/// <summary>Where the server listens: an http(s) address or a Unix socket.</summary>
/// <param name="Text">As configured.</param>
/// <param name="Host">Host name or address; null for a socket.</param>
/// <param name="Port">0 lets the system choose; 0 for a socket.</param>
/// <param name="SocketPath">Null for an http(s) address.</param>
/// <param name="IsHttps">Whether it was named with https.</param>
internal sealed record ListenAddress(string Text, string? Host, int Port, string? SocketPath, bool IsHttps = false)
{
    public static readonly ListenAddress Default = new("http://127.0.0.1:7867", "127.0.0.1", 7867, null);

    public bool IsLocalOnly =>
        SocketPath is not null
        || Host is "localhost"
        || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    public static bool TryParse(string text, out ListenAddress? address)
    {
        address = null;
        if (text.StartsWith("unix:/", StringComparison.Ordinal))
        {
            address = new(text, null, 0, text["unix:".Length..]);
        }
        // Uri takes no wildcard host, and hides a port that is the scheme's own.
        else if (
            Uri.TryCreate(text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        )
        {
            address = new(text, uri.IdnHost.Trim('[', ']'), uri.Port, null, uri.Scheme == "https");
        }
        return address is not null;
    }
}
