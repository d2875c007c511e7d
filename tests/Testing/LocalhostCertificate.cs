using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StoriesCli.Testing;

/// <summary>A certificate of localhost that signs itself, valid for a day.</summary>
public static class LocalhostCertificate
{
    /// <summary>Writes certificate and key as PEM files.</summary>
    public static async Task WriteAsync(string certificatePath, string keyPath)
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        {
            CertificateExtensions = { names.Build() },
        };
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(certificatePath, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
    }
}
