using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Hosting;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>A server that keeps its media in a folder, or in a bucket of a real S3 service.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    public const string Folder = "folder",
        Bucket = "bucket";

    public const string Prefix = "team/media";

    private StoreHost(ServerHost server, SwiftServer? service, string? bucket, FaultProxy? proxy) =>
        (Server, Service, BucketName, Proxy) = (server, service!, bucket!, proxy!);

    public ServerHost Server { get; }
    public SwiftServer Service { get; }
    public string BucketName { get; }
    public FaultProxy Proxy { get; }

    public MediaStore Store => Server.Services.GetRequiredService<MediaStore>();

    public static async Task<StoreHost> StartAsync(
        string kind,
        bool isVersioned = false,
        Func<ServerOptions, ServerOptions>? configure = null
    )
    {
        configure ??= options => options;
        if (kind == Folder)
        {
            return new(await ServerHost.StartAsync(configure), null, null, null);
        }
        var service = await SwiftServer.SharedAsync();
        var bucket = await service.MakeBucketAsync(isVersioned);
        var proxy = await FaultProxy.StartAsync(service.Url);
        try
        {
            var server = await ServerHost.StartAsync(options =>
                configure(
                    options with
                    {
                        MediaBucket = new(bucket, Prefix),
                        S3 = service.Settings(proxy.Url) with { Patience = TimeSpan.FromSeconds(10), Retries = 2 },
                        // The service rounds the times of its objects up.
                        StrayAge = TimeSpan.FromMinutes(-1),
                    }
                )
            );
            return new(server, service, bucket, proxy);
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Names of the files that are kept.</summary>
    public async Task<IReadOnlyList<string>> KeptAsync() =>
        BucketName is null
            ?
            [
                .. Directory
                    .EnumerateFiles(Path.Combine(Server.DataPath, "media"), "*", SearchOption.AllDirectories)
                    .Select(Path.GetFileName)
                    .Where(StoriesCli.Contracts.StoryParts.IsFileOfStory!)!,
            ]
            : [.. (await Service.KeysAsync(BucketName)).Select(key => key[(Prefix.Length + 1)..])];

    /// <summary>Changes what is kept, behind the server's back.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="content">New content; null to remove it.</param>
    public async Task ReplaceAsync(string name, byte[]? content)
    {
        if (BucketName is null)
        {
            var path = PathOf(name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            if (content is not null)
            {
                await File.WriteAllBytesAsync(path, content);
            }
            return;
        }
        using var client = Service.Client();
        if (content is null)
        {
            await client.DeleteObjectAsync(BucketName, $"{Prefix}/{name}");
            return;
        }
        using var body = new MemoryStream(content);
        await client.PutObjectAsync(
            new()
            {
                BucketName = BucketName,
                Key = $"{Prefix}/{name}",
                InputStream = body,
                UseChunkEncoding = false,
            }
        );
    }

    /// <summary>Files on this machine that begin with a story's id: what is kept in the folder, copies, and what was made of them.</summary>
    public IReadOnlyList<string> Here(string id) => [.. Directory.EnumerateFiles(Server.DataPath, id + "*", SearchOption.AllDirectories)];

    /// <summary>Removes all copies, as a new machine has none.</summary>
    public void LoseCopies()
    {
        if (BucketName is not null)
        {
            Directory.Delete(Path.Combine(Server.DataPath, "media-cache"), recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }
    }

    private string PathOf(string name) =>
        name.Split('.', 2) is [var id, var part]
            ? Server.Services.GetRequiredService<MediaFolder>().PathOf(id, part)
            : Server.Services.GetRequiredService<MediaFolder>().PathOf(name);
}
