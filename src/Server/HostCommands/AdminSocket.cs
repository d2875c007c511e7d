using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.HostCommands.Status;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands;

/// <summary>The host's interface: a Unix socket in the data directory that only the server's account can open. It needs no token.</summary>
internal sealed class AdminSocket(
    OwnerInvite ownerInvite,
    AccessLinkStore links,
    BackupWriter backups,
    LeftoverFiles leftOvers,
    UnknownMedia unknown,
    AuditStore audit,
    Readiness readiness,
    StatusReporter status,
    Database database,
    ServerOptions options,
    TimeProvider time
)
{
    private const string FileName = "admin.sock",
        OwnerInvitePath = "/owner-invite",
        AccessPath = "/access",
        BackupPath = "/backup",
        LeftOversPath = "/left-overs",
        UnknownMediaPath = "/unknown-media",
        ListeningPath = "/listening";

    public const string ReadinessPath = "/readyz",
        StatusPath = "/status";

    private static readonly TimeSpan ListeningPatience = TimeSpan.FromSeconds(4);

    /// <summary>Path of the socket; null when it is too long for a socket.</summary>
    public static string? FindPath(string data)
    {
        var path = Path.Combine(data, FileName);
        return System.Text.Encoding.UTF8.GetByteCount(path) < SocketFile.PathBytesMaximum ? path : null;
    }

    /// <summary>Answers a request to the socket.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !database.Role.IsWriter)
        {
            throw new ApiProblem(
                Contracts.Errors.ServerUnavailable,
                $"This server follows another one ({database.Role.Writer?.Name ?? "none writes now"}), which alone can do that. Run the command on its machine, with its --data."
            );
        }
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("POST", OwnerInvitePath):
                await context
                    .Response.WriteAsync(
                        $"{await ownerInvite.RenewAsync().ConfigureAwait(false)}\n{options.UrlForPeople(ListeningOn(context))}",
                        context.RequestAborted
                    )
                    .ConfigureAwait(false);
                break;
            case ("POST", AccessPath):
                using (var reader = new StreamReader(context.Request.Body))
                {
                    var handle = await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
                    var access = await links.MakeAsync(by: null, handle, repetition: null, context.RequestAborted).ConfigureAwait(false);
                    await context
                        .Response.WriteAsync($"{access.Code}\n{options.UrlForPeople(ListeningOn(context))}", context.RequestAborted)
                        .ConfigureAwait(false);
                }
                break;
            case ("POST", BackupPath):
                await BackupEndpoints.StreamAsync(context, actor: null, backups, audit, time).ConfigureAwait(false);
                break;
            case ("DELETE", UnknownMediaPath):
                var removed = await unknown.RemoveAllAsync(context.RequestAborted).ConfigureAwait(false);
                await context
                    .Response.WriteAsync(
                        string.Create(CultureInfo.InvariantCulture, $"{removed.Ids} {removed.Files} {removed.Bytes}"),
                        context.RequestAborted
                    )
                    .ConfigureAwait(false);
                break;
            case ("GET", ReadinessPath):
                await context.Response.WriteAsync(readiness.Report(), context.RequestAborted).ConfigureAwait(false);
                break;
            case ("GET", StatusPath):
                var report = await status.ReportAsync(AllAddresses(context), context.RequestAborted).ConfigureAwait(false);
                await context
                    .Response.WriteAsync(JsonSerializer.Serialize(report, StatusJson.Default.StatusReport), context.RequestAborted)
                    .ConfigureAwait(false);
                break;
            case ("GET", ListeningPath):
                await context.Response.WriteAsync(string.Join('\n', AllAddresses(context)), context.RequestAborted).ConfigureAwait(false);
                break;
            case ("GET", LeftOversPath):
                // A file name may contain anything but NUL and slash.
                await context
                    .Response.WriteAsync(
                        string.Concat(
                            (await leftOvers.FindAsync(isAlone: false, context.RequestAborted).ConfigureAwait(false)).Select(it =>
                                $"{it.Kind}\0{it.Path}\0{it.Bytes.ToString(CultureInfo.InvariantCulture)}\0"
                            )
                        ),
                        context.RequestAborted
                    )
                    .ConfigureAwait(false);
                break;
            default:
                throw new ApiProblem(
                    Contracts.Errors.RouteNotFound,
                    $"the host's socket has no route {context.Request.Method} {context.Request.Path}"
                );
        }
    }

    /// <summary>Asks the running server for a new owner invite.</summary>
    /// <returns>File with the code, and the URL to use it with; null when no server listens.</returns>
    public static async Task<(string File, string Url)?> TryRenewOwnerInviteAsync(string data, CancellationToken cancel)
    {
        if (!IsListening(data))
        {
            return null;
        }
        using var client = Client(data);
        using var answer = await client.PostAsync(new Uri(OwnerInvitePath, UriKind.Relative), null, cancel).ConfigureAwait(false);
        await VerifyAsync(answer, cancel).ConfigureAwait(false);
        var lines = (await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false)).Split('\n');
        return (lines[0], lines[1]);
    }

    /// <summary>Asks the running server for an access link.</summary>
    /// <returns>The code, and the URL to use it with; null when no server listens.</returns>
    /// <exception cref="DataDirectoryException">The server refuses. The message says why.</exception>
    public static async Task<(string Code, string Url)?> TryGiveAccessAsync(string data, string handle, CancellationToken cancel)
    {
        if (!IsListening(data))
        {
            return null;
        }
        using var client = Client(data);
        using var content = new StringContent(handle);
        using var answer = await client.PostAsync(new Uri(AccessPath, UriKind.Relative), content, cancel).ConfigureAwait(false);
        await VerifyAsync(answer, cancel).ConfigureAwait(false);
        var lines = (await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false)).Split('\n');
        return (lines[0], lines[1]);
    }

    /// <summary>Asks the running server for a page, within a time.</summary>
    /// <exception cref="HttpRequestException">No server listens.</exception>
    /// <exception cref="TaskCanceledException">It did not answer in time.</exception>
    public static async Task<HttpResponseMessage> AskAsync(string data, string path, TimeSpan patience, CancellationToken cancel)
    {
        using var client = Client(data, patience);
        return await client.GetAsync(new Uri(path, UriKind.Relative), cancel).ConfigureAwait(false);
    }

    /// <exception cref="DataDirectoryException">The server refuses. The message says why.</exception>
    private static async Task VerifyAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }
        var text = await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        throw new DataDirectoryException(
            answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            && JsonSerializer.Deserialize(text, ContractsJson.Default.Problem)?.Detail is { } detail
                ? detail
                : $"the server answered {(int)answer.StatusCode}"
        );
    }

    /// <summary>Why a server did not answer. The system calls a socket that is not there an address that cannot be assigned.</summary>
    public static string WhyNot(HttpRequestException e) =>
        e.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressNotAvailable }
            ? $"there is no {FileName}"
            : e.GetBaseException().Message;

    /// <summary>Asks the running server where it listens, metrics included.</summary>
    /// <returns>Null when no server answers.</returns>
    public static async Task<IReadOnlyList<ListenAddress>?> TryFindListeningAsync(string data, CancellationToken cancel)
    {
        if (FindPath(data) is null)
        {
            return null;
        }
        try
        {
            using var client = Client(data, ListeningPatience);
            var lines = await client.GetStringAsync(new Uri(ListeningPath, UriKind.Relative), cancel).ConfigureAwait(false);
            return [.. lines.Split('\n').Select(ListenAddress.TryParseListening).OfType<ListenAddress>()];
        }
        catch (Exception e) when (e is HttpRequestException || e.InnerException is TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Asks the running server which files on its disk belong to no row.</summary>
    /// <returns>Null when no server listens.</returns>
    public static async Task<IReadOnlyList<LeftOver>?> TryFindLeftOversAsync(string data, CancellationToken cancel)
    {
        if (!IsListening(data))
        {
            return null;
        }
        using var client = Client(data);
        using var answer = await client.GetAsync(new Uri(LeftOversPath, UriKind.Relative), cancel).ConfigureAwait(false);
        await VerifyAsync(answer, cancel).ConfigureAwait(false);
        return
        [
            .. (await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false))
                .Split('\0')
                .Chunk(3)
                .Where(it => it.Length == 3)
                .Select(it => new LeftOver(it[0], it[1], long.Parse(it[2], CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>Asks the running server to delete the media that belong to no story.</summary>
    /// <returns>What was deleted; null when no server listens.</returns>
    public static async Task<HeldMedia?> TryRemoveUnknownMediaAsync(string data, CancellationToken cancel)
    {
        if (!IsListening(data))
        {
            return null;
        }
        using var client = Client(data);
        using var answer = await client.DeleteAsync(new Uri(UnknownMediaPath, UriKind.Relative), cancel).ConfigureAwait(false);
        await VerifyAsync(answer, cancel).ConfigureAwait(false);
        var numbers = (await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false))
            .Split(' ')
            .Select(number => long.Parse(number, CultureInfo.InvariantCulture))
            .ToArray();
        return new((int)numbers[0], (int)numbers[1], numbers[2]);
    }

    /// <summary>Has the running server write its archive into a new file, which gets this name only after the archive was read and verified.</summary>
    /// <exception cref="BackupException">The received archive is incomplete or damaged. It was deleted.</exception>
    public static async Task<BackupContents> SaveBackupAsync(string data, string file, CancellationToken cancel)
    {
        if (!IsListening(data))
        {
            throw new DataDirectoryException($"No server runs on '{data}'. Start it, or copy the directory while it is stopped.");
        }
        file = Path.GetFullPath(file);
        if (Path.Exists(file))
        {
            throw new IOException($"'{file}' exists already. Name a new file.");
        }
        using var client = Client(data);
        using var request = new HttpRequestMessage(HttpMethod.Post, BackupPath);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        await VerifyAsync(answer, cancel).ConfigureAwait(false);
        var part = Path.Combine(Path.GetDirectoryName(file)!, $".stories-{Guid.NewGuid():N}.part");
        try
        {
            await using var target = PrivateFile.Open(part, FileMode.CreateNew, FileShare.None);
            using (ProgressLine.Start("writing the archive", () => target.Position))
            {
                await answer.Content.CopyToAsync(target, cancel).ConfigureAwait(false);
            }
            target.Position = 0;
            using var reading = ProgressLine.Start("reading it back", () => target.Position, target.Length);
            var contents = await BackupReader.ReadAsync(target, _ => Stream.Null, cancel).ConfigureAwait(false);
            target.Flush(flushToDisk: true);
            File.Move(part, file, overwrite: false);
            Folder.Sync(Path.GetDirectoryName(file)!);
            return contents;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private IEnumerable<string> ListeningOn(HttpContext context) => AllAddresses(context).Take(options.Listen.Count);

    private static IEnumerable<string> AllAddresses(HttpContext context) =>
        context.RequestServices.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private static bool IsListening(string data)
    {
        if (FindPath(data) is not { } path || !File.Exists(path))
        {
            return false;
        }
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            // A server that was killed leaves the file behind.
            return false;
        }
    }

    private static HttpClient Client(string data) => Client(data, Timeout.InfiniteTimeSpan);

    private static HttpClient Client(string data, TimeSpan patience) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancel) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(FindPath(data)!), cancel).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                },
                AutomaticDecompression = DecompressionMethods.None,
                // A proxy from the environment must not be used for the host's own socket.
                UseProxy = false,
            }
        )
        {
            BaseAddress = new Uri("http://host"),
            Timeout = patience,
        };
}
