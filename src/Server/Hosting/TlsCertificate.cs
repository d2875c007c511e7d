using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Hosting;

/// <summary>The certificate from two PEM files, reloaded when they change: renewal needs no restart.</summary>
internal sealed class TlsCertificate(string certificatePath, string keyPath, TimeProvider time, ILogger<TlsCertificate> log)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly Lock _gate = new();
    private (DateTime, DateTime) _stamp = StampOf(certificatePath, keyPath);
    private (DateTime, DateTime)? _refused;
    private SslServerAuthenticationOptions _current = Load(certificatePath, keyPath);
    private long _looked = time.GetTimestamp();

    /// <summary>Options for a handshake that begins now.</summary>
    public SslServerAuthenticationOptions Current
    {
        get
        {
            lock (_gate)
            {
                if (time.GetElapsedTime(_looked) >= LookInterval)
                {
                    _looked = time.GetTimestamp();
                    ReloadIfChanged();
                }
                return _current;
            }
        }
    }

    /// <summary>What is wrong with the files; null when nothing is.</summary>
    public static string? FindFault(string certificatePath, string keyPath)
    {
        try
        {
            Load(certificatePath, keyPath);
            return null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Explain(e, certificatePath, keyPath);
        }
    }

    /// <summary>The framework says of most faults that the contents of "it" are malformed.</summary>
    private static string Explain(Exception e, string certificatePath, string keyPath) =>
        e is IOException or UnauthorizedAccessException ? FileFault.Describe(e)
        : TryReadTimes(certificatePath) is null ? $"{Excerpt.Of(certificatePath)} does not begin with a certificate in PEM"
        : IsEncrypted(keyPath) ? "the key is protected by a password, and the server needs one without"
        : e is ArgumentException ? "the key does not belong to the certificate"
        : $"{Excerpt.Of(keyPath)} holds no private key in PEM that fits the certificate";

    /// <summary>Why the certificate cannot be used now, as the end of a sentence about it; null when it can.</summary>
    public static string? FindTimeFault(string certificatePath, DateTimeOffset now) =>
        TryReadTimes(certificatePath) switch
        {
            { } times when times.To <= now => string.Create(
                CultureInfo.InvariantCulture,
                $"ended on {times.To.UtcDateTime:yyyy-MM-dd HH:mm} UTC, and it is {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC now"
            ),
            { } times when times.From > now => string.Create(
                CultureInfo.InvariantCulture,
                $"begins on {times.From.UtcDateTime:yyyy-MM-dd HH:mm} UTC, and it is {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC now"
            ),
            _ => null,
        };

    /// <summary>Validity of the file's first certificate; null when it cannot be read.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? TryReadTimes(string certificatePath)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(File.ReadAllText(certificatePath));
            return (new(leaf.NotBefore.ToUniversalTime()), new(leaf.NotAfter.ToUniversalTime()));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsEncrypted(string keyPath)
    {
        try
        {
            return File.ReadAllText(keyPath).Contains("ENCRYPTED", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void ReloadIfChanged()
    {
        (DateTime, DateTime)? stamp = null;
        try
        {
            stamp = StampOf(certificatePath, keyPath);
            if (stamp == _stamp)
            {
                return;
            }
            // Checked by the machine's clock, as its clients do.
            if (FindTimeFault(certificatePath, TimeProvider.System.GetUtcNow()) is { } fault)
            {
                Refuse(stamp, $"it {fault}");
                return;
            }
            _current = Load(certificatePath, keyPath);
            (_stamp, _refused) = (stamp.Value, null);
            Log.CertificateReloaded(log, certificatePath);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            Refuse(stamp, Explain(e, certificatePath, keyPath));
        }
    }

    /// <summary>Perhaps only one of the two files is new yet. Logged once, so that handshakes do not fill the log.</summary>
    private void Refuse((DateTime, DateTime)? stamp, string reason)
    {
        if (_refused != stamp || _refused is null)
        {
            _refused = stamp;
            Log.CertificateNotReloaded(log, certificatePath, reason);
        }
    }

    private static (DateTime, DateTime) StampOf(string certificatePath, string keyPath) =>
        (File.GetLastWriteTimeUtc(certificatePath), File.GetLastWriteTimeUtc(keyPath));

    private static SslServerAuthenticationOptions Load(string certificatePath, string keyPath)
    {
        var leaf = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificatePath);
        return new()
        {
            // The files hold the chain, so that no handshake downloads it from another machine.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            ApplicationProtocols = Protocols,
        };
    }
}
