using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace StoriesCli.Client.Players;

/// <summary>An mpv event.</summary>
/// <param name="Name">mpv's event name, such as <c>file-loaded</c>.</param>
/// <param name="Entry">Playlist entry, from 1, or null.</param>
/// <param name="Reason">Why a file ended: <c>eof</c>, <c>quit</c>, <c>error</c> …</param>
/// <param name="Error">The error with the file.</param>
internal sealed record MpvEvent(string Name, int? Entry, string? Reason, string? Error);

/// <summary>Controls a running mpv over its socket, in a private folder.</summary>
internal sealed class MpvControl : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stories-");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private StreamReader? _reader;

    public static bool IsPossible => !OperatingSystem.IsWindows();

    public string SocketPath => Path.Combine(_folder.FullName, "mpv");

    /// <summary>Connects when mpv listens; false if it exits first.</summary>
    /// <exception cref="PlayerException">mpv runs but does not listen.</exception>
    public async Task<bool> ConnectAsync(PlayerProcess mpv, CancellationToken cancel)
    {
        for (var since = Stopwatch.GetTimestamp(); !mpv.HasExited; )
        {
            try
            {
                await _socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel).ConfigureAwait(false);
                _reader = new(new NetworkStream(_socket), Encoding.UTF8);
                return true;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                // mpv creates its socket some time after its start, without a signal.
                await Task.Delay(10, cancel).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                throw new PlayerException($"mpv did not listen on its socket within {Patience.TotalSeconds} s.", e);
            }
        }
        return false;
    }

    public async Task AppendAsync(string address, CancellationToken cancel)
    {
        var line = $$"""{"command":["loadfile","{{JsonEncodedText.Encode(address)}}","append-play"]}""" + "\n";
        await _socket.SendAsync(Encoding.UTF8.GetBytes(line), cancel).ConfigureAwait(false);
    }

    /// <summary>The next event; null if mpv closed the connection.</summary>
    public async Task<MpvEvent?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            while (await _reader!.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
            {
                using var message = JsonDocument.Parse(line);
                if (message.RootElement.TryGetProperty("event", out var name))
                {
                    return new(
                        name.GetString()!,
                        message.RootElement.TryGetProperty("playlist_entry_id", out var entry) ? entry.GetInt32() : null,
                        message.RootElement.TryGetProperty("reason", out var reason) ? reason.ToString() : null,
                        message.RootElement.TryGetProperty("file_error", out var error) ? error.ToString() : null
                    );
                }
            }
        }
        catch (IOException)
        {
            // mpv exited in the middle of a line.
        }
        return null;
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _socket.Dispose();
        _folder.Delete(recursive: true);
    }
}
