using System.Globalization;
using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Posix;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Engines.Postgres;

namespace StoriesCli.Server.Hosting;

/// <summary>One option, for command line, environment, configuration file and documentation.</summary>
/// <param name="Name">Name of the flag without dashes: <c>min-ttl</c>.</param>
/// <param name="Value">Name of the value in the help.</param>
/// <param name="Default">The default value, as a user would write it.</param>
/// <param name="Meaning">What it is for, in one or two sentences.</param>
/// <param name="Set">Returns the options with the value set. Throws <see cref="FormatException"/> that says what is allowed.</param>
internal sealed record ServerOption(
    string Name,
    string Value,
    string Default,
    string Meaning,
    Func<ServerOptions, string, ServerOptions> Set
)
{
    /// <summary>Whether the flag can be repeated for more values. Elsewhere commas separate them.</summary>
    public bool Repeats { get; init; }

    public string Flag => "--" + Name;
    public const string VariablePrefix = "STORIES_SERVER_";

    public string Variable => VariablePrefix + Name.ToUpperInvariant().Replace('-', '_');
}

/// <summary>The one list of options.</summary>
internal static class OptionTable
{
    private const int PostRateMaximum = 1_000_000;
    private const int BackupsMaximum = 1000;

    // Any multiple of a unit up to this fits a long.
    private const long SizeMaximum = 8_388_607L << 40;
    private const int PemBytesMaximum = 1 << 20;

    // An expiry must stay within the range of dates.
    private static readonly TimeSpan ShortestDuration = TimeSpan.FromSeconds(1),
        LongestDuration = TimeSpan.FromDays(36_500);

    public static readonly IReadOnlyList<ServerOption> All =
    [
        new(
            "data",
            "DIR",
            "stories-data",
            "Directory of the database and the media. The server creates it.",
            (o, v) => o with { Data = Folder(v) }
        ),
        new(
            "database",
            "URL",
            "the data directory",
            "PostgreSQL database of the rows, as `postgres://USER@HOST:PORT/DATABASE`. Its password comes from a file named by PGPASSFILE, or from PGPASSWORD.",
            (o, v) => o with { Database = PostgresAddress.Parse(v) }
        ),
        new(
            "listen",
            "ADDRESS",
            ListenAddress.Default.Text,
            "Addresses to listen on, separated by commas: `http://HOST:PORT` (port 0 takes a free one), `https://HOST:PORT` or `unix:/PATH`.",
            (o, v) => o with { Listen = Addresses(v) }
        ),
        new(
            "listen-mode",
            "MODE",
            "600",
            "Permissions of the sockets of `--listen`, in octal. 660 lets the group of the server connect, 666 lets everybody connect who can open their directory.",
            (o, v) => o with { ListenMode = Mode(v) }
        ),
        new(
            "base-url",
            "URL",
            "the address of the request, or the one that a trusted proxy sends",
            "Public URL of the server, for the links in its responses.",
            (o, v) => o with { BaseUrl = Http(v) }
        ),
        new(
            "tls-certificate",
            "FILE",
            "no TLS",
            "TLS certificate with its chain (PEM). The server reloads it when it changes. If no address of `--listen` begins with `https://`, all of them but sockets use TLS.",
            (o, v) => o with { TlsCertificate = ReadableFile(v, PemBytesMaximum) }
        ),
        new(
            "tls-key",
            "FILE",
            "no TLS",
            "Private key of the TLS certificate (PEM).",
            (o, v) => o with { TlsKey = ReadableFile(v, PemBytesMaximum) }
        ),
        new(
            "trusted-proxy",
            "CIDR",
            "none",
            "Trusted proxies, separated by commas: addresses, networks, or `unix` for every client of a socket of `--listen`. The server uses their X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host (or Host).",
            (o, v) => o with { TrustedProxies = TrustedProxies.Parse(v) }
        ),
        new(
            "metrics-listen",
            "ADDRESS",
            "off",
            "Address that serves Prometheus metrics at /metrics, without a token: `http://HOST:PORT` or `unix:/PATH`.",
            (o, v) => o with { MetricsListen = HttpAddress(v) }
        ),
        new(
            "listen-peers",
            "ADDRESS",
            "off",
            "Private address of this server, `http://HOST:PORT`, at which the other servers on the database reach it. With it, several servers can share one `--database`: one writes, the others follow it and pass changes on.",
            (o, v) => o with { PeerListen = PeerAddress(v) }
        ),
        new(
            "peer-secret-file",
            "FILE",
            "none",
            "File with the secret that all servers on the database share: 32 or more visible characters. Goes together with `--listen-peers`.",
            (o, v) => o with { PeerSecretFile = ReadableFile(v, PemBytesMaximum) }
        ),
        new("min-ttl", "DURATION", "5m", "Shortest lifetime of a story.", (o, v) => o with { MinTtl = Duration(v) }),
        new("max-ttl", "DURATION", "30d", "Longest lifetime of a story.", (o, v) => o with { MaxTtl = Duration(v) }),
        new("default-ttl", "DURATION", "24h", "Lifetime of a story whose author sets none.", (o, v) => o with { DefaultTtl = Duration(v) }),
        new(
            "thread-retention",
            "DURATION",
            "30d",
            "How long replies and acknowledgements stay readable after the story has expired: 1h to 90d.",
            (o, v) => o with { ThreadRetention = Duration(v, TimeSpan.FromHours(1), Limits.TombstoneLife) }
        ),
        new(
            "token-lifetime",
            "HOW",
            "sliding",
            "When tokens of people expire: `sliding` is 365 days after the last use, `absolute` is 365 days after creation, and a duration (1h to 365d) counts from creation.",
            (o, v) => o with { TokenLifetime = TokenLifetime(v) }
        ),
        new("max-image-bytes", "SIZE", "10MiB", "Largest picture.", (o, v) => o with { Media = o.Media with { ImageBytes = Size(v) } }),
        new("max-video-bytes", "SIZE", "100MiB", "Largest video.", (o, v) => o with { Media = o.Media with { VideoBytes = Size(v) } }),
        new(
            "max-video-duration",
            "DURATION",
            "60s",
            "Longest video.",
            (o, v) => o with { Media = o.Media with { VideoDuration = Duration(v) } }
        ),
        new("max-audio-bytes", "SIZE", "20MiB", "Largest audio.", (o, v) => o with { Media = o.Media with { AudioBytes = Size(v) } }),
        new(
            "max-audio-duration",
            "DURATION",
            "60s",
            "Longest audio.",
            (o, v) => o with { Media = o.Media with { AudioDuration = Duration(v) } }
        ),
        new(
            "max-recording-bytes",
            "SIZE",
            "8MiB",
            "Largest terminal recording.",
            (o, v) => o with { Media = o.Media with { RecordingBytes = Size(v) } }
        ),
        new(
            "post-rate",
            "NUMBER",
            "6000",
            $"Stories that an account may post in a minute on average, 1 to {PostRateMaximum}. Up to {PostLimiter.BurstMinutes} minutes' worth may come at once.",
            (o, v) => o with { PostRate = Count(v, PostRateMaximum) }
        ),
        new(
            "quota-total",
            "SIZE",
            "50GiB",
            "Largest total size of all stories and replies.",
            (o, v) => o with { QuotaTotalBytes = Size(v) }
        ),
        new(
            "quota-account",
            "SIZE",
            "5GiB",
            "Largest total size of one account's stories and replies.",
            (o, v) => o with { QuotaAccountBytes = Size(v) }
        ),
        new(
            "disk-floor",
            "SIZE",
            "1GiB",
            "Free disk space below which the server refuses posts.",
            (o, v) => o with { DiskFloorBytes = Size(v) }
        ),
        new(
            "media-check",
            "DURATION",
            "7d",
            "Time in which the server compares every media file with its hash once: 1m to 90d.",
            (o, v) => o with { MediaCheck = Duration(v, TimeSpan.FromMinutes(1), TimeSpan.FromDays(90)) }
        ),
        new(
            "media",
            "S3-URL",
            "the folder media in `--data`",
            "Bucket in which the media are kept, as `s3://BUCKET/PREFIX`. The data directory then holds copies of some of them.",
            (o, v) => o with { MediaBucket = Bucket(v) }
        ),
        new(
            "media-cache",
            "SIZE",
            "2GiB",
            "Largest total size of the copies of media that are in a bucket.",
            (o, v) => o with { MediaCacheBytes = Size(v) }
        ),
        new(
            "s3-endpoint",
            "URL",
            "Amazon's",
            "URL of the S3 service of `--media`. Plain http is allowed to loopback and private addresses only.",
            (o, v) => o with { S3 = o.S3 with { Endpoint = Http(v) } }
        ),
        new(
            "s3-region",
            "REGION",
            "AWS_REGION, or else us-east-1",
            "Region of the S3 service.",
            (o, v) => o with { S3 = o.S3 with { Region = Region(v) } }
        ),
        new(
            "s3-credentials",
            "FILE",
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws/credentials, or the machine's role",
            "Credentials for the S3 service, in the format of `~/.aws/credentials`.",
            (o, v) => o with { S3 = o.S3 with { CredentialsFile = ReadableFile(v, PemBytesMaximum) } }
        ),
        new(
            "s3-versioned",
            "HOW",
            "refuse",
            "What to do about a bucket that keeps old versions of deleted objects: `refuse` to start, or `accept` it, and say so in receipts.",
            (o, v) => o with { S3 = o.S3 with { AcceptsVersions = OneOf(v, "refuse", "accept") == "accept" } }
        ),
        new(
            "backup-every",
            "DURATION",
            "off",
            "Take a backup this often, 10m to 90d, and put it where `--backup-to` says.",
            (o, v) => o with { Backups = o.Backups with { Every = Duration(v, TimeSpan.FromMinutes(10), TimeSpan.FromDays(90)) } }
        ),
        new(
            "backup-keep",
            "NUMBER",
            "7",
            $"How many of these backups to keep, 1 to {BackupsMaximum}. The server deletes the oldest ones.",
            (o, v) => o with { Backups = o.Backups with { Keep = Count(v, BackupsMaximum) } }
        ),
        new(
            "backup-to",
            "DIR",
            "none",
            "Directory, or `s3://BUCKET/PREFIX`, for these backups. Each team needs one of its own.",
            (o, v) =>
                o with
                {
                    Backups = BucketAddress.IsOne(v)
                        ? o.Backups with
                        {
                            Bucket = Bucket(v),
                            Folder = null,
                        }
                        : o.Backups with
                        {
                            Folder = Folder(v),
                            Bucket = null,
                        },
                }
        ),
        new(
            "vips-library",
            "FILE",
            "the built-in one",
            "libvips to read pictures with.",
            (o, v) => o with { VipsLibrary = ReadableFile(v) }
        ),
        new(
            "ffmpeg",
            "PROGRAM",
            "off",
            "ffmpeg for posters of videos: off, auto (`ffmpeg` on PATH), or a path. It reads files that others post, with limits set by `prlimit`.",
            (o, v) => o with { Ffmpeg = FfmpegChoice.Parse(v, Environment.GetEnvironmentVariable("PATH")) }
        ),
        new(
            "heic",
            "PROGRAM",
            "off",
            "Converter of posted HEIC pictures to JPEG: off, auto (`heif-dec` or `heif-convert` on PATH), or a path. It reads files that others post, with limits set by `prlimit`.",
            (o, v) => o with { Heic = HeicChoice.Parse(v, Environment.GetEnvironmentVariable("PATH")) }
        ),
        new(
            "webhook-allow",
            "CIDR",
            "none",
            "Private or local addresses and networks that webhooks may reach, such as 10.1.2.0/24. Separate several by commas, or repeat the flag.",
            (o, v) => o with { WebhookAllow = Networks(v) }
        )
        {
            Repeats = true,
        },
        new(
            "log-level",
            "LEVEL",
            "information",
            "Lowest level to log: verbose, debug, information, warning, error.",
            (o, v) => o with { LogLevel = OneOf(v, "verbose", "debug", "information", "warning", "error") }
        ),
        new("log-format", "FORMAT", "text", "Format of the log: text or json.", (o, v) => o with { LogFormat = OneOf(v, "text", "json") }),
        new(
            "log-requests",
            "WHICH",
            "slow",
            "Requests to log: `slow` (5 s or more until the response begins) or `all`. Queries are never logged.",
            (o, v) => o with { LogAllRequests = OneOf(v, "slow", "all") == "all" }
        ),
        new(
            "log-file",
            "FILE",
            "none",
            "File to log to, beside standard error. A new one begins each day and at 64 MiB, with the date in its name; the server keeps the last 14.",
            (o, v) => o with { LogFile = FilePath(v) }
        ),
    ];

    private static ListenAddress[] Addresses(string text) =>
        [
            .. text.Split(',', StringSplitOptions.TrimEntries)
                .Select(one =>
                    ListenAddress.TryParse(one, out var address)
                        ? address!
                        : throw NotAnAddress(one, "http://127.0.0.1:7867", "stories.sock")
                ),
        ];

    private static ListenAddress HttpAddress(string text) =>
        ListenAddress.TryParse(text, out var address) && !address!.IsHttps
            ? address
            : throw NotAnAddress(text, "http://127.0.0.1:9187", "metrics.sock");

    private static ListenAddress PeerAddress(string text) =>
        HttpAddress(text) is { SocketPath: null, Port: > 0 } address
        && !text.Contains('*', StringComparison.Ordinal)
        && address.Host is not ("0.0.0.0" or "[::]")
            ? address
            : throw new FormatException(
                $"must be an address that the other servers can reach, like http://10.1.2.3:7868, and name one host and port, was \"{Excerpt.Of(text)}\""
            );

    private static FormatException NotAnAddress(string text, string example, string socket) =>
        new($"must be like {example} (port 0 to {IPEndPoint.MaxPort}) or unix:/run/{socket}, was \"{Excerpt.Of(text)}\"");

    private static BucketAddress Bucket(string text)
    {
        try
        {
            return BucketAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{e.Message}, was \"{Excerpt.Of(text)}\"");
        }
    }

    private static string Region(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? text
            : throw new FormatException($"must be at most 64 letters, digits and dashes, such as eu-central-1, was \"{Excerpt.Of(text)}\"");

    private static IPNetwork[] Networks(string text) =>
        [
            .. text.Split(',', StringSplitOptions.TrimEntries)
                .Select(one =>
                    TrustedProxies.TryParseNetwork(one)
                    ?? throw new FormatException($"must be an address, or {TrustedProxies.NetworkForm}, was \"{Excerpt.Of(one)}\"")
                ),
        ];

    private static string Folder(string text) => FullPath(text, "a directory");

    private static string FilePath(string text) => FullPath(text, "a file");

    private static string FullPath(string text, string what) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? Path.GetFullPath(text)
            : throw new FormatException($"must name {what}, was \"{CleanText.OneLine(Excerpt.Of(text))}\"");

    /// <summary>Opened to see: a mode does not tell what the account of the server may read.</summary>
    private static string ReadableFile(string text, long bytesMaximum = long.MaxValue)
    {
        var path = FilePath(text);
        FormatException Unusable(string why) => new($"names \"{Excerpt.Of(text)}\", which cannot be used: {why}");
        try
        {
            // Opening a pipe would wait for its writer.
            if (!FileKind.IsRegularOrNone(path))
            {
                throw Unusable("it is a pipe or a device");
            }
            using var file = File.OpenRead(path);
            return file.Length <= bytesMaximum
                ? path
                : throw Unusable($"it has {Counted.Of(file.Length, "byte")}, and may have {bytesMaximum:N0}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(FileFault.Reason(e));
        }
    }

    private static Uri Http(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", Host.Length: > 0, Query: "", Fragment: "", UserInfo: "" }
            ? uri
            : throw new FormatException(
                $"must be an http(s) address without user, query and fragment, with a port of 1 to {IPEndPoint.MaxPort} if any, was \"{Excerpt.Of(text)}\""
            );

    private static TimeSpan Duration(string text) => Duration(text, ShortestDuration, LongestDuration);

    private static TimeSpan Duration(string text, TimeSpan minimum, TimeSpan maximum) =>
        Durations.TryParse(text, out var duration) && duration >= minimum && duration <= maximum
            ? duration
            : throw new FormatException(
                $"must be {Durations.Format(minimum)} to {Durations.Format(maximum)}, such as 90s, 15m, 6h or 7d, was \"{Excerpt.Of(text)}\""
            );

    private static TimeSpan? TokenLifetime(string text) =>
        text switch
        {
            "sliding" => null,
            "absolute" => Limits.TokenTtl,
            _ => Durations.TryParse(text, out var life) && life >= TimeSpan.FromHours(1) && life <= Limits.TokenTtl
                ? life
                : throw new FormatException(
                    $"must be sliding, absolute, or a duration from 1h to 365d such as 90d, was \"{Excerpt.Of(text)}\""
                ),
        };

    private static UnixFileMode Mode(string text) =>
        text.Length is 3 && text.All(c => c is >= '0' and <= '7')
            ? (UnixFileMode)Convert.ToInt32(text, 8)
            : throw new FormatException($"must be three octal digits from 000 to 777 such as 660, was \"{Excerpt.Of(text)}\"");

    private static string OneOf(string text, params string[] words) =>
        words.Contains(text) ? text : throw new FormatException($"must be one of {string.Join(", ", words)}, was \"{Excerpt.Of(text)}\"");

    private static int Count(string text, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= maximum
            ? count
            : throw new FormatException($"must be 1 to {maximum}, was \"{Excerpt.Of(text)}\"");

    private static long Size(string text)
    {
        ReadOnlySpan<(string Suffix, int Shift)> units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("", 0)];
        foreach (var (suffix, shift) in units)
        {
            if (
                text.EndsWith(suffix, StringComparison.Ordinal)
                && long.TryParse(
                    text.AsSpan(0, text.Length - suffix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var count
                )
                && count <= SizeMaximum >> shift
            )
            {
                return count << shift;
            }
        }
        throw new FormatException($"must be a size from 0 to {SizeMaximum >> 40}TiB such as 500MiB or 5GiB, was \"{Excerpt.Of(text)}\"");
    }
}
