using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StoriesCli.Server.Operation;

/// <summary>The certificate from two PEM files, read anew when they change: renewing it needs no restart.</summary>
internal sealed class TlsCertificate(string certificatePath, string keyPath, TimeProvider time, ILogger<TlsCertificate> log)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly Lock _gate = new();
    private (DateTime, DateTime) _stamp = StampOf(certificatePath, keyPath);
    private (DateTime, DateTime)? _refused;
    private SslServerAuthenticationOptions _current = Load(certificatePath, keyPath);
    private long _looked = time.GetTimestamp();

    /// <summary>What a handshake that begins now is made with.</summary>
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
            return e.Message;
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
            _current = Load(certificatePath, keyPath);
            (_stamp, _refused) = (stamp.Value, null);
            Log.CertificateReloaded(log, certificatePath);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Perhaps only one of the two files is new yet: the next look finds both. Whoever shakes hands meanwhile fills no log.
            if (_refused != stamp || _refused is null)
            {
                _refused = stamp;
                Log.CertificateNotReloaded(log, certificatePath, e.Message);
            }
        }
    }

    private static (DateTime, DateTime) StampOf(string certificatePath, string keyPath) => (File.GetLastWriteTimeUtc(certificatePath), File.GetLastWriteTimeUtc(keyPath));

    private static SslServerAuthenticationOptions Load(string certificatePath, string keyPath)
    {
        var leaf = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificatePath);
        return new()
        {
            // The files hold the chain, so that no handshake asks another machine for it.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            ApplicationProtocols = Protocols,
        };
    }
}
