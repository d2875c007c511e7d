using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Buckets;

/// <summary>Objects below one prefix of one bucket. Every request has a time limit and a few retries, and every failure is a sentence.</summary>
internal sealed class Bucket : IDisposable
{
    private const string DefaultRegion = "us-east-1";
    private const int ExcerptCharacters = 80;

    // A start writes and deletes an object of this name, to see that it may.
    private const string ProbeName = "stories-server-may-write";

    // Larger files go in parts, so that a broken connection costs one part, and memory stays as it is.
    private const int PartBytes = 8 << 20;

    // A sender slower than this holds a request for too long.
    private const double MinimumBytesPerSecond = 256 * 1024;

    private readonly BucketSettings _settings;
    private readonly AmazonS3Client _client;
    private BucketFault? _fault;
    private long _failures;

    /// <exception cref="BucketUnavailableException">There are no credentials.</exception>
    public Bucket(BucketAddress address, BucketSettings settings)
    {
        (Address, _settings) = (address, settings);
        var region = settings.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? DefaultRegion;
        var config = new AmazonS3Config
        {
            ForcePathStyle = settings.Endpoint is not null,
            // Services other than Amazon's refuse checksums that they do not know. The reader compares the SHA-256 anyway.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = settings.Retries,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // Longer than any request may take here.
            Timeout = 2 * (settings.Patience + TimeSpan.FromSeconds(PartBytes / MinimumBytesPerSecond)),
        };
        if (settings.Endpoint is { } endpoint)
        {
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint.ToString(), region);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        _client = settings.CredentialsFile is { } file ? new AmazonS3Client(ReadCredentials(file), config) : new AmazonS3Client(config);
    }

    public BucketAddress Address { get; }

    /// <summary>Why the last request failed; null when the service answered it.</summary>
    public BucketFault? Fault => Volatile.Read(ref _fault);

    /// <summary>Number of requests that failed.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    public void Dispose() => _client.Dispose();

    /// <summary>Finds out at the start whether everything that will be needed works. Leaves nothing behind.</summary>
    /// <exception cref="BucketUnavailableException">Something does not. The message says what the host can do.</exception>
    public async Task VerifyAsync(CancellationToken cancel)
    {
        await LookAsync(cancel).ConfigureAwait(false);
        using (var nothing = new MemoryStream())
        {
            await CallAsync("write", c => _client.PutObjectAsync(Put(ProbeName, nothing), c), cancel).ConfigureAwait(false);
        }
        await CallAsync("delete", c => _client.DeleteObjectAsync(Address.Bucket, Address.KeyOf(ProbeName), c), cancel)
            .ConfigureAwait(false);
    }

    /// <summary>As <see cref="VerifyAsync"/>, as far as that is possible without writing anything.</summary>
    /// <exception cref="BucketUnavailableException">Something does not work. The message says what the host can do.</exception>
    public async Task LookAsync(CancellationToken cancel)
    {
        await VerifyEndpointAsync(cancel).ConfigureAwait(false);
        await foreach (var _ in ListAsync("", after: null, most: 1, cancel).ConfigureAwait(false))
        {
            break;
        }
        await VerifyVersionsAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Stores a file. On return the service has confirmed it.</summary>
    /// <exception cref="BucketUnavailableException">It may be there or not.</exception>
    public async Task PutAsync(string name, SafeFileHandle file, long bytes, CancellationToken cancel)
    {
        if (bytes <= PartBytes)
        {
            using var content = new FileRegion(file, 0, bytes);
            await CallAsync("store a file", c => _client.PutObjectAsync(Put(name, content), c), cancel, bytes).ConfigureAwait(false);
            return;
        }
        var upload = (
            await CallAsync("begin a file", c => _client.InitiateMultipartUploadAsync(Address.Bucket, Address.KeyOf(name), c), cancel)
                .ConfigureAwait(false)
        ).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (var offset = 0L; offset < bytes; offset += PartBytes)
            {
                parts.Add(
                    await PutPartAsync(name, upload, file, offset, Math.Min(PartBytes, bytes - offset), parts.Count + 1, cancel)
                        .ConfigureAwait(false)
                );
            }
            var whole = new CompleteMultipartUploadRequest
            {
                BucketName = Address.Bucket,
                Key = Address.KeyOf(name),
                UploadId = upload,
                PartETags = parts,
            };
            // A second request would be refused where only the answer to the first one was late.
            await CallOnceAsync("finish a file", c => _client.CompleteMultipartUploadAsync(whole, c), _settings.Patience, cancel)
                .ConfigureAwait(false);
        }
        catch (BucketUnavailableException e) when (e.IsSilence)
        {
            // A service that does not answer would not answer this request either, and a caller waits. The sweeper aborts the upload later.
            throw;
        }
        catch
        {
            await TryAbortAsync(name, upload).ConfigureAwait(false);
            throw;
        }
    }

    /// <returns>Null when there is no such object.</returns>
    public async Task<BucketObject?> FindAsync(string name, CancellationToken cancel)
    {
        var found = await CallOrMissingAsync(
                "be asked for a file",
                c => _client.GetObjectMetadataAsync(Address.Bucket, Address.KeyOf(name), c),
                cancel
            )
            .ConfigureAwait(false);
        return found is null ? null : new(name, found.ContentLength, found.LastModified?.ToUniversalTime() ?? default);
    }

    /// <summary>Copies an object from its beginning, in one try. What is written before a failure stays written.</summary>
    /// <param name="name">Its key without the prefix.</param>
    /// <param name="take">Called with each piece.</param>
    /// <param name="cancel">Cancels between two pieces.</param>
    /// <returns>Its bytes; null when there is no such object.</returns>
    public async Task<long?> ReadAsync(string name, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancel)
    {
        using var found = await CallOrMissingAsync(
                "send a file",
                c => _client.GetObjectAsync(Address.Bucket, Address.KeyOf(name), c),
                cancel
            )
            .ConfigureAwait(false);
        if (found is null)
        {
            return null;
        }
        var buffer = new byte[128 * 1024];
        var bytes = 0L;
        // The time that the caller takes for the pieces does not count.
        var left = PatienceFor(found.ContentLength);
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            var read = await CallOnceAsync(
                    "send all of a file",
                    c => found.ResponseStream.ReadAsync(buffer, c).AsTask(),
                    left < _settings.Patience ? left : _settings.Patience,
                    cancel
                )
                .ConfigureAwait(false);
            left -= Stopwatch.GetElapsedTime(asked);
            left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            if (read == 0)
            {
                return bytes == found.ContentLength
                    ? bytes
                    : throw new BucketUnavailableException(
                        $"{Address} broke off after {bytes:N0} of {found.ContentLength:N0} bytes of a file"
                    );
            }
            await take(buffer.AsMemory(0, read)).ConfigureAwait(false);
            bytes += read;
        }
    }

    /// <summary>Opens an object for reading from its beginning. A connection that breaks is resumed.</summary>
    /// <returns>Null when there is no such object.</returns>
    public async Task<Stream?> OpenReadAsync(string name, CancellationToken cancel)
    {
        var found = await CallOrMissingAsync(
                "be asked for a file",
                c => _client.GetObjectMetadataAsync(Address.Bucket, Address.KeyOf(name), c),
                cancel
            )
            .ConfigureAwait(false);
        return found is null
            ? null
            : new ResumedStream(
                found.ContentLength,
                (from, stop) =>
                    CallAsync(
                        "send a file",
                        c =>
                            _client.GetObjectAsync(
                                new GetObjectRequest
                                {
                                    BucketName = Address.Bucket,
                                    Key = Address.KeyOf(name),
                                    ByteRange = new ByteRange(from, found.ContentLength - 1),
                                    EtagToMatch = found.ETag,
                                },
                                c
                            ),
                        stop
                    )
            );
    }

    /// <summary>Deletes an object, and asks whether it is gone. On return the service has confirmed both.</summary>
    /// <exception cref="BucketUnavailableException">It may still be there, or it certainly is.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancel)
    {
        await CallAsync("delete a file", c => _client.DeleteObjectAsync(Address.Bucket, Address.KeyOf(name), c), cancel)
            .ConfigureAwait(false);
        if (await FindAsync(name, cancel).ConfigureAwait(false) is not null)
        {
            throw new BucketUnavailableException(
                $"{Address} says that {name} is deleted, and still has it. Ask who runs the service; the server tries again",
                isRefusal: true
            );
        }
    }

    /// <summary>Objects directly below the prefix, in the order of their names.</summary>
    /// <param name="beginning">What their names begin with; empty for all.</param>
    /// <param name="after">Name after which to begin; null for the first.</param>
    /// <param name="most">Most objects to ask for at once, 1 to 1000.</param>
    /// <param name="cancel">Cancels between two pages.</param>
    public async IAsyncEnumerable<BucketObject> ListAsync(
        string beginning,
        string? after,
        int most = 1000,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        var request = new ListObjectsV2Request
        {
            BucketName = Address.Bucket,
            Prefix = Address.KeyOf(beginning),
            StartAfter = after is null ? null : Address.KeyOf(after),
            Delimiter = "/",
            MaxKeys = most,
        };
        var skipped = Address.KeyOf("").Length;
        bool more;
        do
        {
            var page = await CallAsync("list its files", c => _client.ListObjectsV2Async(request, c), cancel).ConfigureAwait(false);
            foreach (var it in page.S3Objects ?? [])
            {
                if (it.Key.Length > skipped)
                {
                    yield return new(it.Key[skipped..], it.Size ?? 0, it.LastModified?.ToUniversalTime() ?? default);
                }
            }
            request.ContinuationToken = page.NextContinuationToken;
            more = page.IsTruncated == true;
        } while (more);
    }

    /// <summary>Lets go of what unfinished uploads have left in the service, which it may charge for and does not list.</summary>
    /// <param name="until">Uploads that began before, by the clock of the service.</param>
    /// <param name="cancel">Cancels between two of them.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> AbortUploadsAsync(DateTimeOffset until, CancellationToken cancel)
    {
        var request = new ListMultipartUploadsRequest { BucketName = Address.Bucket, Prefix = Address.KeyOf("") };
        var page = await CallAsync("list its unfinished files", c => _client.ListMultipartUploadsAsync(request, c), cancel)
            .ConfigureAwait(false);
        var count = 0;
        foreach (var it in (page.MultipartUploads ?? []).Where(it => it.Initiated?.ToUniversalTime() < until.UtcDateTime))
        {
            await CallOrMissingAsync(
                    "let go of an unfinished file",
                    c => _client.AbortMultipartUploadAsync(Address.Bucket, it.Key, it.UploadId, c),
                    cancel
                )
                .ConfigureAwait(false);
            count++;
        }
        return count;
    }

    private PutObjectRequest Put(string name, Stream content) =>
        new()
        {
            BucketName = Address.Bucket,
            Key = Address.KeyOf(name),
            InputStream = content,
            AutoCloseStream = false,
            // The signature covers the SHA-256 of all bytes, so the service refuses what was changed on its way.
            UseChunkEncoding = false,
            DisablePayloadSigning = false,
        };

    private async Task<PartETag> PutPartAsync(
        string name,
        string upload,
        SafeFileHandle file,
        long offset,
        long bytes,
        int number,
        CancellationToken cancel
    )
    {
        using var content = new FileRegion(file, offset, bytes);
        var request = new UploadPartRequest
        {
            BucketName = Address.Bucket,
            Key = Address.KeyOf(name),
            UploadId = upload,
            PartNumber = number,
            PartSize = bytes,
            InputStream = content,
            UseChunkEncoding = false,
            DisablePayloadSigning = false,
        };
        return new(
            number,
            (await CallAsync("store a part of a file", c => _client.UploadPartAsync(request, c), cancel, bytes).ConfigureAwait(false)).ETag
        );
    }

    private async Task TryAbortAsync(string name, string upload)
    {
        try
        {
            await CallAsync(
                    "let go of an unfinished file",
                    c => _client.AbortMultipartUploadAsync(Address.Bucket, Address.KeyOf(name), upload, c),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (BucketUnavailableException)
        {
            // The sweeper lets go of it later.
        }
    }

    private async Task VerifyVersionsAsync(CancellationToken cancel)
    {
        if (_settings.AcceptsVersions)
        {
            return;
        }
        try
        {
            var versioning = await CallAsync(
                    "say whether it keeps old versions (that needs s3:GetBucketVersioning)",
                    c => _client.GetBucketVersioningAsync(Address.Bucket, c),
                    cancel
                )
                .ConfigureAwait(false);
            // An object lock needs versions, so this finds it too. Suspended versioning keeps what it has.
            if (versioning.VersioningConfig?.Status is { } status && status != VersionStatus.Off && status.Value is { Length: > 0 })
            {
                throw new BucketUnavailableException(
                    $"{Address} keeps old versions of what is deleted (versioning is {status.Value}). Name a bucket without versioning, or accept that deleted media stay there, and that receipts say so: --s3-versioned accept",
                    isRefusal: true
                );
            }
        }
        catch (BucketUnavailableException e) when (e.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotImplemented })
        {
            // A service without versions keeps none.
        }
    }

    /// <summary>Nothing must cross a public network in the clear.</summary>
    /// <exception cref="BucketUnavailableException">It would.</exception>
    public async Task VerifyEndpointAsync(CancellationToken cancel)
    {
        if (_settings.Endpoint is not { Scheme: "http" } endpoint)
        {
            return;
        }
        var addresses = await CallAsync("be found", c => Dns.GetHostAddressesAsync(endpoint.IdnHost, c), cancel).ConfigureAwait(false);
        if (addresses.FirstOrDefault(address => !IsPrivate(address)) is { } open)
        {
            throw new BucketUnavailableException(
                $"--s3-endpoint {endpoint} leads to {open}, and http is allowed to loopback and private addresses only: use https",
                isRefusal: true
            );
        }
    }

    private static bool IsPrivate(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address))
        {
            return true;
        }
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168)
            : (bytes[0] & 0xfe) == 0xfc;
    }

    private async Task<T?> CallOrMissingAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await CallAsync(what, call, cancel).ConfigureAwait(false);
        }
        catch (BucketUnavailableException e) when (IsMissing(e))
        {
            // That is an answer.
            Volatile.Write(ref _fault, null);
            return null;
        }
    }

    /// <summary>How long a request may take that sends or gets this many bytes.</summary>
    public TimeSpan PatienceFor(long bytes) => _settings.Patience + TimeSpan.FromSeconds(bytes / MinimumBytesPerSecond);

    /// <param name="what">What the service is asked to do, as the end of "could not".</param>
    /// <param name="call">The request.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <param name="bytes">Bytes that are sent with it.</param>
    private async Task<T> CallAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancel, long bytes = 0)
    {
        if (bytes > 0)
        {
            return await CallOnceAsync(what, call, PatienceFor(bytes), cancel).ConfigureAwait(false);
        }
        try
        {
            return await CallOnceAsync(what, call, _settings.Patience / 2, cancel).ConfigureAwait(false);
        }
        catch (BucketUnavailableException e) when (e.IsSilence)
        {
            // Something on the way may have forgotten an idle connection. Another one is asked.
            return await CallOnceAsync(what, call, _settings.Patience / 2, cancel).ConfigureAwait(false);
        }
    }

    private async Task<T> CallOnceAsync<T>(string what, Func<CancellationToken, Task<T>> call, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            var answer = await call(limit.Token).ConfigureAwait(false);
            Volatile.Write(ref _fault, null);
            return answer;
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw Note(new($"{Address} could not {what}: the service did not answer within {patience.TotalSeconds:0} s", inner: e));
        }
        catch (Exception e)
            when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or SocketException
                && e is not BucketUnavailableException
            )
        {
            var (why, isRefusal) = Explain(e);
            var fault = new BucketUnavailableException($"{Address} could not {what}: {why}", isRefusal, e);
            throw IsMissing(fault) ? fault : Note(fault);
        }
    }

    private BucketUnavailableException Note(BucketUnavailableException fault)
    {
        Interlocked.Increment(ref _failures);
        Volatile.Write(ref _fault, new(fault.Message, Stopwatch.GetTimestamp()));
        return fault;
    }

    private static bool IsMissing(BucketUnavailableException e) =>
        e.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" };

    private (string Why, bool IsRefusal) Explain(Exception e) =>
        e switch
        {
            AmazonServiceException { ErrorCode: "NoSuchBucket" } => (
                $"there is no bucket \"{Address.Bucket}\". Create it, or correct --media",
                true
            ),
            AmazonServiceException { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" } s => (
                $"the service refuses the credentials ({s.ErrorCode}). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the credentials file, and --s3-region",
                true
            ),
            AmazonServiceException { StatusCode: HttpStatusCode.Forbidden } s => (
                $"the service does not allow it ({Word(s.ErrorCode, "AccessDenied")}). Check the credentials and the policy of the bucket",
                true
            ),
            AmazonServiceException { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect } => (
                "the bucket is in another region. Correct --s3-region",
                true
            ),
            AmazonServiceException { StatusCode: > 0 } s => (
                $"the service answered {(int)s.StatusCode} ({Word(s.ErrorCode, "without a reason")})",
                s.StatusCode == HttpStatusCode.BadRequest
            ),
            AmazonClientException when NamesCredentials(e) => (
                "there are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file with --s3-credentials",
                true
            ),
            _ when e.GetBaseException() is AuthenticationException untrusted => (
                $"its certificate is not trusted ({Cut(untrusted.Message)}). Let the system trust its authority, or name a file with the authorities in SSL_CERT_FILE",
                true
            ),
            _ => (Cut(e.GetBaseException().Message), false),
        };

    private static bool NamesCredentials(Exception e) => e.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase);

    private static string Word(string? given, string otherwise) => string.IsNullOrWhiteSpace(given) ? otherwise : Cut(given);

    private static string Cut(string text) => CleanText.OneLine(text.Length <= ExcerptCharacters ? text : text[..ExcerptCharacters] + "…");

    private static AWSCredentials ReadCredentials(string path)
    {
        var name = Environment.GetEnvironmentVariable("AWS_PROFILE") is { Length: > 0 } named ? named : "default";
        var file = new SharedCredentialsFile(path);
        return file.TryGetProfile(name, out var profile) && profile.Options is { AccessKey: { } key, SecretKey: { } secret } keys
            ? string.IsNullOrEmpty(keys.Token)
                ? new BasicAWSCredentials(key, secret)
                : (AWSCredentials)new SessionAWSCredentials(key, secret, keys.Token)
            : throw new BucketUnavailableException(
                $"--s3-credentials {Cut(path)} has no section [{Cut(name)}] with aws_access_key_id and aws_secret_access_key",
                isRefusal: true
            );
    }
}
