using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StoriesCli.Server.Storage.Buckets;

namespace StoriesCli.Testing;

/// <summary>A real S3 service, one for all tests of the process: OpenStack Swift with its S3 API. It ends with the process, however that ends.</summary>
public sealed class SwiftServer
{
    private const int Ports = 5;
    private static readonly Lazy<Task<SwiftServer>> s_shared = new(StartAsync);
    private static int s_buckets;

    // Swift ends when its standard input does, which the collector would close.
    private readonly Process _process;

    private SwiftServer(Process process, Uri url, string credentials) => (_process, Url, CredentialsFile) = (process, url, credentials);

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>A file with credentials that it takes.</summary>
    public string CredentialsFile { get; }

    public static Task<SwiftServer> SharedAsync() => s_shared.Value;

    /// <summary>How to reach it, or a proxy in front of it.</summary>
    internal BucketSettings Settings(Uri? through = null) => new(through ?? Url, "us-east-1", CredentialsFile);

    /// <summary>Makes a bucket of its own for a test.</summary>
    /// <param name="isVersioned">Whether it keeps old versions of what is deleted.</param>
    /// <returns>Its name.</returns>
    public async Task<string> MakeBucketAsync(bool isVersioned = false)
    {
        var name = $"test-{Environment.ProcessId}-{Interlocked.Increment(ref s_buckets)}";
        using var client = Client();
        await client.PutBucketAsync(name);
        if (isVersioned)
        {
            await client.PutBucketVersioningAsync(
                new()
                {
                    BucketName = name,
                    VersioningConfig = new() { Status = Amazon.S3.VersionStatus.Enabled },
                }
            );
        }
        return name;
    }

    /// <summary>Amazon's own client, for tests that look behind the server or spoil what it has stored.</summary>
    public Amazon.S3.AmazonS3Client Client() =>
        new(
            new Amazon.Runtime.BasicAWSCredentials("test:tester", "testing"),
            new Amazon.S3.AmazonS3Config
            {
                ServiceURL = Url.ToString(),
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
                RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
            }
        );

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Keys of all objects of a bucket.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string bucket)
    {
        using var client = Client();
        var listed = await client.ListObjectsV2Async(new() { BucketName = bucket });
        return [.. (listed.S3Objects ?? []).Select(it => it.Key)];
    }

    private static async Task<SwiftServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("stories-swift-").FullName;
        var port = FreePorts();
        var start = new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "swift.sh"), folder, $"{port}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.StandardInput.Dispose();
            process.WaitForExit(TimeSpan.FromSeconds(5));
            Directory.Delete(folder, recursive: true);
        };
        var complaints = process.StandardError.ReadToEndAsync();
        if (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) != "ready")
        {
            throw new InvalidOperationException($"Swift does not start. Its packages are those of script/test. {await complaints}");
        }
        var credentials = Path.Combine(folder, "credentials");
        await File.WriteAllTextAsync(
            credentials,
            "[default]\naws_access_key_id = test:tester\naws_secret_access_key = testing\n",
            Encoding.ASCII
        );
        return new(process, new($"http://127.0.0.1:{port}"), credentials);
    }

    /// <summary>Swift is told its ports before it listens, so they are looked for. Below the range from which the system takes ports for others.</summary>
    private static int FreePorts()
    {
        for (var first = 20000 + (Environment.ProcessId * Ports % 10000); ; first += Ports)
        {
            var held = new List<TcpListener>();
            try
            {
                foreach (var port in Enumerable.Range(first, Ports))
                {
                    held.Add(new(IPAddress.Loopback, port));
                    held[^1].Start();
                }
                return first;
            }
            catch (SocketException) when (first < 31000)
            {
                // Somebody else has one of them.
            }
            finally
            {
                held.ForEach(listener => listener.Dispose());
            }
        }
    }
}
