using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Engines.Postgres;

namespace StoriesCli.Server.Hosting;

/// <summary>The host's settings, all validated. <see cref="OptionTable"/> lists names, defaults and meanings.</summary>
internal sealed record ServerOptions
{
    /// <summary>Values that are not the defaults, by the names of the options.</summary>
    public IReadOnlyDictionary<string, GivenOption> Given { get; init; } = new Dictionary<string, GivenOption>();

    public required string Data { get; init; }

    /// <summary>Database of the rows; null for the one in <see cref="Data"/>.</summary>
    public PostgresAddress? Database { get; init; }

    /// <summary>Address for the requests that other servers on the database pass on; null for a server that is alone.</summary>
    public ListenAddress? PeerListen { get; init; }

    /// <summary>File with the secret that all these servers share. Set together with <see cref="PeerListen"/>.</summary>
    public string? PeerSecretFile { get; init; }

    /// <summary>Whether it stands by while another server writes. Not an option: commands of the host do not.</summary>
    public bool Follows { get; init; }

    public required IReadOnlyList<ListenAddress> Listen { get; init; }
    public Uri? BaseUrl { get; init; }

    /// <summary>Mode of the sockets in <see cref="Listen"/>: who may connect.</summary>
    public UnixFileMode ListenMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Address for the metrics; null for none.</summary>
    public ListenAddress? MetricsListen { get; init; }

    /// <summary>PEM files, reloaded when they change. Both are set, or none.</summary>
    public string? TlsCertificate { get; init; }
    public string? TlsKey { get; init; }

    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;

    public TimeSpan MinTtl { get; init; } = Limits.MinTtl;
    public TimeSpan MaxTtl { get; init; } = Limits.MaxTtl;
    public TimeSpan DefaultTtl { get; init; } = Limits.DefaultTtl;

    /// <summary>How long replies stay readable after a story's expiry, at most <see cref="Limits.TombstoneLife"/>: tombstones say who could see the story.</summary>
    public TimeSpan ThreadRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Lifetime of every token from its creation, regardless of use; null lets people's tokens renew.</summary>
    public TimeSpan? TokenLifetime { get; init; }

    public MediaLimits Media { get; init; } = new();

    /// <summary>Where the media are kept; null for the data directory.</summary>
    public BucketAddress? MediaBucket { get; init; }

    /// <summary>How buckets are reached.</summary>
    public BucketSettings S3 { get; init; } = new();

    /// <summary>Most bytes of the copies of what is in the bucket.</summary>
    public long MediaCacheBytes { get; init; } = 2L << 30;

    /// <summary>Backups that the server takes by itself.</summary>
    public BackupSchedule Backups { get; init; } = new();

    /// <summary>Age from which a file in the bucket that no story knows counts as left over: another server may be posting it. Not an option; a move and tests use less.</summary>
    public TimeSpan StrayAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Stories that an account may post in a minute on average.</summary>
    public int PostRate { get; init; } = 6000;

    public long QuotaTotalBytes { get; init; } = 50L << 30;
    public long QuotaAccountBytes { get; init; } = 5L << 30;
    public long DiskFloorBytes { get; init; } = 1L << 30;

    /// <summary>Time in which all media are read once and compared with their hashes.</summary>
    public TimeSpan MediaCheck { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Another libvips to use instead of the embedded one.</summary>
    public string? VipsLibrary { get; init; }

    /// <summary>Program that makes posters of videos.</summary>
    public FfmpegChoice Ffmpeg { get; init; } = FfmpegChoice.Off;

    /// <summary>Program that converts HEIC images to JPEG.</summary>
    public HeicChoice Heic { get; init; } = HeicChoice.Off;

    /// <summary>Private or local networks that webhooks may reach.</summary>
    public IReadOnlyList<System.Net.IPNetwork> WebhookAllow { get; init; } = [];

    /// <summary>How long a response or an event waits for a reader that accepts no bytes. Not an option; a move and tests use less.</summary>
    public TimeSpan ReaderPatience { get; init; } = TimeSpan.FromSeconds(30);

    public string LogLevel { get; init; } = "information";
    public string LogFormat { get; init; } = "text";

    /// <summary>Whether every request is logged, or only slow ones.</summary>
    public bool LogAllRequests { get; init; }

    /// <summary>File to log to beside standard error. The name gets a date and a number.</summary>
    public string? LogFile { get; init; }

    /// <summary>What the database is opened with.</summary>
    public DatabaseSettings ForDatabase() =>
        new()
        {
            Postgres = Database,
            Follows = Follows,
            Peers = PeerListen is { } peers ? new Uri(peers.Text) : null,
        };

    /// <summary>A URL that people can use: anywhere with <see cref="BaseUrl"/>, otherwise on this machine.</summary>
    /// <param name="listening">Addresses where the server listens now, or would.</param>
    public string UrlForPeople(IEnumerable<string> listening) =>
        BaseUrl?.ToString().TrimEnd('/') ?? listening.Select(Reachable).OfType<string>().FirstOrDefault() ?? "ADDRESS";

    // Nobody can connect to the wildcard address or to a port that is not chosen yet, and sockets are for proxies.
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

    /// <summary>With a certificate: the https addresses, or if there are none, every address that is not a socket.</summary>
    public bool SpeaksTls(ListenAddress address) =>
        TlsCertificate is not null && address.SocketPath is null && (address.IsHttps || !Listen.Any(a => a.IsHttps));
}

/// <summary>The value of an option, and where it comes from.</summary>
/// <param name="Value">As the host wrote it.</param>
/// <param name="Source">One of <see cref="OptionSources"/>.</param>
internal sealed record GivenOption(string Value, string Source);

/// <summary>Where the value of an option can come from.</summary>
internal static class OptionSources
{
    public const string Default = "default",
        File = "file",
        Environment = "environment",
        Argument = "argument";
}

/// <summary>An address to listen on: http(s) or a Unix socket.</summary>
/// <param name="Text">As configured.</param>
/// <param name="Host">Host name or address; null for a socket.</param>
/// <param name="Port">Port; 0 lets the system choose. Also 0 for a socket.</param>
/// <param name="SocketPath">Path of the socket; null for an http(s) address.</param>
/// <param name="IsHttps">Whether it was given with https.</param>
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
        // Uri accepts no wildcard host, and hides the default port of the scheme.
        else if (
            Uri.TryCreate(text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        )
        {
            address = new(text, uri.IdnHost.Trim('[', ']'), uri.Port, null, uri.Scheme == "https");
        }
        return address is not null;
    }

    /// <summary>An address as Kestrel lists it. It writes a socket as <c>http://unix:/path</c>.</summary>
    /// <returns>Null when it is none.</returns>
    public static ListenAddress? TryParseListening(string text) =>
        TryParse(text.StartsWith("http://unix:", StringComparison.Ordinal) ? text["http://".Length..] : text, out var address)
            ? address
            : null;

    /// <summary>Whether one of them keeps the other from listening. Two addresses with one port may, because one can be the wildcard.</summary>
    public bool CollidesWith(ListenAddress other) =>
        SocketPath is not null ? SocketPath == other.SocketPath : Port != 0 && Port == other.Port;
}
