using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>Checks before the start what options name: files, folders, addresses, programs. Each fault is a sentence that begins with its option.</summary>
internal static class StartChecks
{
    /// <summary>Faults that the host must fix. Nothing has been changed so far, and this changes nothing.</summary>
    public static IReadOnlyList<string> FindFaults(ServerOptions options, TimeProvider time) =>
        [
            .. DataFaults(options.Data),
            .. Named(options).SelectMany(it => AddressFaults(it.Flag, it.Address, options)),
            .. Named(options)
                .GroupBy(it => it.Address.SocketPath ?? $"{it.Address.Host}:{it.Address.Port}")
                .Where(it => it.Count() > 1 && it.First().Address is { SocketPath: not null } or { Port: > 0 })
                .Select(it => $"{it.Last().Flag} names {Excerpt.Of(it.Last().Address.Text)} a second time"),
            .. CertificateFaults(options, time),
            .. LogFileFaults(options.LogFile, options.Data),
            .. options.Backups.Folder is { } backups && FindWriteFault(backups) is { } closed
                ? [$"--backup-to {Excerpt.Of(backups)} cannot be written: {closed}"]
                : Array.Empty<string>(),
            .. options.Ffmpeg.FindFault() is { } fault ? [$"--ffmpeg {Excerpt.Of(options.Ffmpeg.Path)} {fault}"] : Array.Empty<string>(),
            .. options.Heic.FindFault() is { } noHeic ? [$"--heic {Excerpt.Of(options.Heic.Path)} {noHeic}"] : Array.Empty<string>(),
        ];

    /// <summary>Addresses that another program uses now. Once that has stopped, the same options will work.</summary>
    public static IReadOnlyList<string> FindTaken(ServerOptions options) => FindTaken(options, own: []);

    /// <param name="options">The options.</param>
    /// <param name="own">Addresses of the server that a start with these options would follow.</param>
    public static IReadOnlyList<string> FindTaken(ServerOptions options, IReadOnlyList<ListenAddress> own)
    {
        var held = new List<Socket>();
        try
        {
            return
            [
                .. Named(options)
                    .Where(it => !own.Any(it.Address.CollidesWith))
                    .Select(it =>
                        FindTaken(it.Address, held) is { } why
                            ? $"{it.Flag} {Excerpt.Of(it.Address.Text)} cannot be listened on: {why}"
                            : null
                    )
                    .OfType<string>(),
            ];
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private static IEnumerable<(string Flag, ListenAddress Address)> Named(ServerOptions options) =>
        options
            .Listen.Select(address => ("--listen", address))
            .Concat(options.MetricsListen is { } metrics ? [("--metrics-listen", metrics)] : []);

    private static IEnumerable<string> DataFaults(string data) =>
        File.Exists(data) ? [$"--data {Excerpt.Of(data)} is a file, and must be a directory"]
        : FindWriteFault(data) is { } fault ? [$"--data {Excerpt.Of(data)} cannot be written: {fault}"]
        : FindClosed(data) is { } closed
            ? [$"--data {Excerpt.Of(data)} cannot be used: the server's account may not read and write {Excerpt.Of(closed)} in it"]
        : [];

    /// <summary>Finds why nothing can be created in this folder or its nearest existing parent. Leaves nothing behind.</summary>
    private static string? FindWriteFault(string path)
    {
        if (Folder.FindWriteFault(path) is { } fault)
        {
            return fault;
        }
        while (!Path.Exists(path) && Path.GetDirectoryName(path) is { } above)
        {
            path = above;
        }
        return Directory.Exists(path) ? TryMakeFile(path) : null;
    }

    /// <summary>Makes a file and removes it: modes tell nothing of a file system that takes no files, such as /proc.</summary>
    private static string? TryMakeFile(string folder)
    {
        var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            PrivateFile.Open(probe, FileMode.CreateNew, FileShare.None).Dispose();
            File.Delete(probe);
            return null;
        }
        catch (FileNotFoundException)
        {
            return $"the file system of {folder} takes no files";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{folder}: {FileFault.Reason(e)}";
        }
    }

    /// <summary>Finds what another account left in the data directory: the server would fail at it later.</summary>
    private static string? FindClosed(string data)
    {
        if (!Directory.Exists(data))
        {
            return null;
        }
        var media = Path.Combine(data, "media");
        string[] folders = [media, Path.Combine(data, "tmp"), Path.Combine(data, "lib")];
        try
        {
            return folders.Where(Directory.Exists).FirstOrDefault(IsClosed)
                ?? (Directory.Exists(media) ? Directory.EnumerateDirectories(media).FirstOrDefault(IsClosed) : null)
                ?? Directory.EnumerateFiles(data, "stories.*").FirstOrDefault(IsClosed);
        }
        catch (UnauthorizedAccessException)
        {
            // It can be entered and written, and not listed.
            return data;
        }
    }

    private static bool IsClosed(string path) => Folder.FindWriteFault(path) is not null;

    private static IEnumerable<string> AddressFaults(string flag, ListenAddress address, ServerOptions options)
    {
        if (address.SocketPath is { } path)
        {
            var bytes = Encoding.UTF8.GetByteCount(path);
            return bytes >= SocketFile.PathBytesMaximum
                    ?
                    [
                        $"{flag} {Excerpt.Of(address.Text)} has a path of {bytes} bytes, and a socket's may have {SocketFile.PathBytesMaximum - 1}",
                    ]
                : path == AdminSocket.FindPath(options.Data)
                    ? [$"{flag} {Excerpt.Of(address.Text)} is the socket of the host's own commands: name another"]
                : SocketFile.IsSomethingElse(path) ? [$"{flag} {Excerpt.Of(address.Text)}: there is something else than a socket"]
                // The folders of --data are created at the start.
                : Path.GetDirectoryName(path) is var folder && !Directory.Exists(folder) && folder != options.Data
                    ? [$"{flag} {Excerpt.Of(address.Text)}: there is no folder {Excerpt.Of(folder)}"]
                : FindWriteFault(folder!) is { } fault ? [$"{flag} {Excerpt.Of(address.Text)} cannot be made: {fault}"]
                : [];
        }
        return TryResolve(address.Host!, out var why) is null ? [$"{flag} {Excerpt.Of(address.Text)}: {why}"] : [];
    }

    private static IPAddress? TryResolve(string host, out string? fault)
    {
        fault = null;
        try
        {
            var found = host == "localhost" ? IPAddress.Loopback : Listeners.Resolve(host);
            fault = found is null ? "the host has no address" : null;
            return found;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            fault = $"the host's name leads nowhere: {e.Message}";
            return null;
        }
    }

    private static IEnumerable<string> CertificateFaults(ServerOptions options, TimeProvider time) =>
        options.TlsCertificate is { } certificate && TlsCertificate.FindTimeFault(certificate, time.GetUtcNow()) is { } fault
            ? [$"--tls-certificate {Excerpt.Of(certificate)} {fault}"]
            : [];

    private static IEnumerable<string> LogFileFaults(string? path, string data)
    {
        if (path is null)
        {
            return [];
        }
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
        {
            return [$"--log-file {Excerpt.Of(path)} is a directory: name a file in it"];
        }
        var folder = Path.GetDirectoryName(path)!;
        // The server would take such a file for a story's file, a left-over, or a library.
        if (Path.GetRelativePath(data, path).Split('/') is ["media" or "tmp" or "lib", ..])
        {
            return [$"--log-file {Excerpt.Of(path)} lies in a folder that the server keeps for its data: name another"];
        }
        if (File.Exists(folder))
        {
            return [$"--log-file {Excerpt.Of(path)} cannot be written: {Excerpt.Of(folder)} is a file"];
        }
        if (FindWriteFault(folder) is { } fault)
        {
            return [$"--log-file {Excerpt.Of(path)} cannot be written: {fault}"];
        }
        // The log sink adds date and number to the name, and ignores a file that it cannot open.
        var today =
            $"{Path.GetFileNameWithoutExtension(path)}{DateTime.Now.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}*{Path.GetExtension(path)}";
        var closed = !Directory.Exists(folder)
            ? null
            : Directory.EnumerateFileSystemEntries(folder, today).FirstOrDefault(it => Directory.Exists(it) || IsClosed(it));
        return closed is null
            ? []
            : [$"--log-file {Excerpt.Of(path)} cannot be written: {Excerpt.Of(closed)} is closed to the server's account, or is no file"];
    }

    private static string? FindTaken(ListenAddress address, List<Socket> held)
    {
        if (address.SocketPath is { } path)
        {
            return SocketFile.IsAlive(path) ? "another server listens there" : null;
        }
        if (TryResolve(address.Host!, out _) is not { } ip)
        {
            return null;
        }
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        held.Add(socket);
        try
        {
            if (ip.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }
            socket.Bind(new IPEndPoint(ip, address.Port));
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "another program listens there",
                SocketError.AddressNotAvailable => "this machine does not have the address",
                SocketError.AccessDenied => "the server's account may not use the port",
                _ => e.Message,
            };
        }
    }
}
