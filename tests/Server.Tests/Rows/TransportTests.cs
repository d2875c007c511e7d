using System.Security.Cryptography.X509Certificates;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>PostgreSQL over TLS with a password, and a bucket over https, each with a certificate that the host has made.</summary>
public sealed class TransportTests : IDisposable
{
    private const string Password = "not-to-be-shown";
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_certificate_of_PostgreSQL_is_checked_as_the_URL_says_and_each_refusal_is_one_sentence()
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: false);
        var byAddress = await cluster.NewDatabaseAsync();
        var authority = await cluster.RequireTlsAsync(Password);
        var byName = byAddress.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var (other, empty, right, wrong) = (In("other.pem"), In("empty.pem"), In("pgpass"), In("wrong"));
        await LocalhostCertificate.WriteAsync(other, In("other.key"));
        await File.WriteAllTextAsync(empty, "none");
        await File.WriteAllTextAsync(right, $"*:*:*:*:{Password}\n");
        await File.WriteAllTextAsync(wrong, $"*:*:*:*:{Password}-2\n");

        await AcceptsAsync($"{byName}?sslmode=verify-full&sslrootcert={authority}");
        await AcceptsAsync($"{byAddress}?sslmode=verify-ca&sslrootcert={authority}");
        await AcceptsAsync($"{byAddress}?sslmode=require");
        await AcceptsAsync($"{byAddress}?sslmode=require&sslrootcert={authority}");
        await AcceptsAsync($"{byName}?sslmode=verify-full", ("SSL_CERT_FILE", authority));
        await AcceptsAsync($"{byName}?sslmode=verify-full&sslrootcert=system", ("SSL_CERT_FILE", authority));
        const string Untrusted = "cannot be reached: its certificate is not one of the authority";
        await RefusesAsync($"{byName}?sslmode=verify-full&sslrootcert={other}", Untrusted);
        await RefusesAsync($"{byName}?sslmode=verify-full", Untrusted);
        await RefusesAsync($"{byAddress}?sslmode=verify-full&sslrootcert={authority}", Untrusted);
        await RefusesAsync($"{byName}?sslmode=require&sslrootcert={other}", Untrusted);
        await RefusesAsync($"{byName}?sslrootcert={authority}", "has an sslrootcert that would not be used");
        await RefusesAsync($"{byName}?sslmode=verify-full&sslrootcert={empty}", "a certificate file cannot be read");
        await RefusesAsync($"{byName}?sslmode=verify-full&sslrootcert={In("none")}", "a certificate file cannot be read");
        await RefusesAsync($"{byName}?sslmode=disable", "no encryption");
        await RefusesAsync($"{byName}?sslmode=require", "password authentication failed", ("PGPASSFILE", wrong));
        await RefusesAsync($"{byName}?sslmode=require", "Correct PGPASSFILE", ("PGPASSFILE", In("none")));
        await RefusesAsync($"{byName}?sslmode=require", "Correct PGPASSFILE", ("PGPASSFILE", ""));

        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["PGPASSFILE"] = right },
            "--database",
            $"{byName}?sslmode=verify-full&sslrootcert={authority}"
        );
        await server.JoinAsOwnerAsync("ana");
        string.Join('\n', server.Log).Should().NotContain(Password);
        (await File.ReadAllTextAsync($"/proc/{server.Id}/cmdline")).Should().NotContain(Password);
        (
            await cluster.QueryAsync(
                "postgres",
                "select count(*) filter (where not ssl) from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'stories'"
            )
        )
            .Should()
            .Be("0", "all of its connections are encrypted");

        async Task AcceptsAsync(string url, params (string, string)[] more)
        {
            var run = await CheckAsync(url, more);
            run.ExitCode.Should().Be(0, run.Error);
        }

        async Task RefusesAsync(string url, string reason, params (string, string)[] more)
        {
            var run = await CheckAsync(url, more);
            run.ExitCode.Should().Be(2, run.Error);
            run.Error.Should().Contain(reason).And.NotContain(Password);
            run.Error.TrimEnd().Should().NotContain("\n");
        }

        Task<CommandRun> CheckAsync(string url, (string, string)[] more)
        {
            var environment = new Dictionary<string, string> { ["PGPASSFILE"] = right };
            foreach (var (name, value) in more)
                environment[name] = value;
            return ServerProcess.RunWithAsync(environment, "--check-config", "--data", In("data"), "--database", url);
        }
    }

    [Fact]
    public async Task A_bucket_over_https_is_trusted_by_the_authorities_of_the_system_or_of_a_file()
    {
        var service = await SwiftServer.SharedAsync();
        var bucket = await service.MakeBucketAsync();
        await LocalhostCertificate.WriteAsync(In("tls.pem"), In("tls.key"));
        using var certificate = X509Certificate2.CreateFromPemFile(In("tls.pem"), In("tls.key"));
        await using var proxy = await FaultProxy.StartAsync(service.Url, certificate);
        string[] options =
        [
            "--check-config",
            "--data",
            In("data"),
            "--media",
            $"s3://{bucket}/media",
            "--s3-endpoint",
            $"https://localhost:{proxy.Url.Port}",
            "--s3-credentials",
            service.CredentialsFile,
        ];

        var trusted = await ServerProcess.RunWithAsync(new Dictionary<string, string> { ["SSL_CERT_FILE"] = In("tls.pem") }, options);
        var untrusted = await ServerProcess.RunAsync(options);

        trusted.ExitCode.Should().Be(0, trusted.Error);
        untrusted.ExitCode.Should().Be(2, untrusted.Error);
        untrusted.Error.Should().Contain("its certificate is not trusted").And.Contain("SSL_CERT_FILE");
    }

    private string In(string name) => Path.Combine(_folder, name);
}
