using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace StoriesCli.Server.Storage.Files;

/// <summary>The file of a Unix socket: only one that nobody listens on may be replaced.</summary>
internal static partial class SocketFile
{
    // The kernel's limit for the path of a socket, its end included.
    public const int PathBytesMaximum = 108;

    // Stays when the server ends: whoever removed it could remove another server's.
    private const string LockSuffix = ".lock";

    private static readonly Dictionary<string, FileStream> Claims = new(StringComparer.Ordinal);

    private const int CurrentFolder = -100,
        NoFollow = 0x100,
        WantType = 1,
        ModeAt = 28,
        StatBytes = 256;
    private const int TypeMask = 0xF000,
        SocketType = 0xC000;

    /// <summary>Whether something lies at the path that is no socket.</summary>
    public static bool IsSomethingElse(string path)
    {
        if (!Path.Exists(path))
            return false;
        if (!OperatingSystem.IsLinux())
            return Directory.Exists(path) || new FileInfo(path).Length > 0;
        Span<byte> stat = stackalloc byte[StatBytes];
        return Stat(CurrentFolder, path, NoFollow, WantType, ref MemoryMarshal.GetReference(stat)) == 0
            && (BitConverter.ToUInt16(stat[ModeAt..]) & TypeMask) != SocketType;
    }

    /// <summary>Whether a server listens there, or may listen there: nobody else's silence is taken for an end.</summary>
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

    /// <summary>Takes the path for this process for as long as it lives. Only a lock keeps out a second server that starts in the same moment.</summary>
    /// <exception cref="IOException">Another server has it.</exception>
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

    /// <summary>Makes room for a socket of ours: removes one that a killed server left behind, and nothing else.</summary>
    /// <exception cref="IOException">Another server listens there, or it is no socket.</exception>
    public static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
            return;
        if (IsSomethingElse(path))
            throw new IOException($"'{path}' is no socket, and stays as it is.");
        if (IsAlive(path))
            throw InUse(path);
        // Out of the way first, and asked again there: two servers that start at once must not remove each other's.
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

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, ref byte result);
}
