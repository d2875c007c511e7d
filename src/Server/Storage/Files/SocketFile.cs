using System.Net.Sockets;
using System.Runtime.InteropServices;
using StoriesCli.Posix;

namespace StoriesCli.Server.Storage.Files;

/// <summary>The file of a Unix socket. It may be replaced only when no server listens on it.</summary>
internal static class SocketFile
{
    // The kernel's limit for the path of a socket, including the terminating zero.
    public const int PathBytesMaximum = 108;

    // This file stays when the server ends. A server that deleted it could delete another server's lock.
    private const string LockSuffix = ".lock";

    private static readonly Dictionary<string, FileStream> Claims = new(StringComparer.Ordinal);

    private const int CurrentFolder = -100,
        NoFollow = 0x100,
        WantType = 1,
        ModeAt = 28,
        StatBytes = 256;
    private const int TypeMask = 0xF000,
        SocketType = 0xC000;

    /// <summary>Whether the path exists and is not a socket.</summary>
    public static bool IsSomethingElse(string path)
    {
        if (!Path.Exists(path))
            return false;
        Span<byte> stat = stackalloc byte[StatBytes];
        return Libc.Status(CurrentFolder, path, NoFollow, WantType, ref MemoryMarshal.GetReference(stat)) == 0
            && (BitConverter.ToUInt16(stat[ModeAt..]) & TypeMask) != SocketType;
    }

    /// <summary>Whether a server listens there, or may do so: no answer is not taken as proof that it ended.</summary>
    public static bool IsAlive(string path)
    {
        if (!Path.Exists(path))
            return false;
        using var socket = new Socket(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified)
        {
            Blocking = false,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
        }
    }

    /// <summary>Reserves the path for this process as long as it lives. Only a lock keeps out a second server that starts at the same moment.</summary>
    /// <exception cref="IOException">Another server has reserved it.</exception>
    public static void Claim(string path)
    {
        lock (Claims)
        {
            // A process may serve, stop and serve again.
            if (Claims.ContainsKey(path))
                return;
            try
            {
                Claims[path] = PrivateFile.Open(path + LockSuffix, FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException)
            {
                throw InUse(path);
            }
        }
    }

    /// <summary>Removes a socket that a killed server left at the path, and nothing else.</summary>
    /// <exception cref="IOException">Another server listens there, or it is not a socket.</exception>
    public static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
            return;
        if (IsSomethingElse(path))
            throw new IOException($"'{path}' is no socket, and stays as it is.");
        if (IsAlive(path))
            throw InUse(path);
        // Move it aside first and check again there: two servers that start at once must not remove each other's.
        var aside = $"{path}.{Guid.NewGuid().ToString("N")[..8]}";
        if (aside.Length >= PathBytesMaximum)
        {
            File.Delete(path);
            return;
        }
        File.Move(path, aside);
        if (IsAlive(aside))
        {
            File.Move(aside, path);
            throw InUse(path);
        }
        File.Delete(aside);
    }

    private static IOException InUse(string path) => new($"Another server listens on the socket '{path}'.");
}
