using System.Runtime.InteropServices;
using StoriesCli.Posix;

namespace StoriesCli.Server.Storage.Files;

/// <summary>Ensures that files written by root can be opened by the server's own account.</summary>
internal static class FolderUser
{
    private const int BufferBytes = 256,
        UserOffset = 20,
        GroupOffset = 24;
    private const int CurrentDirectory = -100,
        UserAndGroup = 0x18;

    public static bool IsRoot => LibcProcess.GetEffectiveUser() == 0;

    /// <summary>Makes root act as the owner of the folder from now on. Other users stay as they are.</summary>
    /// <exception cref="DataDirectoryException">Root is not allowed to become that account.</exception>
    public static void Become(string folder)
    {
        if (!IsRoot || Find(folder) is not { User: not 0 } owner)
        {
            return;
        }
        // Groups first: they cannot be changed without root's user id. libc applies it to all threads of the process.
        if (
            LibcProcess.SetGroups(0, 0) != 0
            || LibcProcess.SetEffectiveGroup(owner.Group) != 0
            || LibcProcess.SetEffectiveUser(owner.User) != 0
        )
        {
            throw new DataDirectoryException(
                $"'{folder}' belongs to the user {owner.User}, and root cannot act as that user here ({Marshal.GetLastPInvokeErrorMessage()}). Run the command as that user."
            );
        }
    }

    /// <summary>The account that owns the data directory, when root is about to run another account's server on it.</summary>
    /// <returns>Null when no files of another account would be mixed with ours.</returns>
    public static uint? FindOtherOwner(string data)
    {
        var database = Path.Combine(data, "stories.db");
        var owned = File.Exists(database) ? database : data;
        return IsRoot && Path.Exists(owned) && Find(owned).User is not 0 and var user ? user : null;
    }

    /// <summary>Owner of a file or folder.</summary>
    public static (uint User, uint Group) Find(string path)
    {
        Span<byte> buffer = stackalloc byte[BufferBytes];
        if (Libc.Status(CurrentDirectory, path, 0, UserAndGroup, ref MemoryMarshal.GetReference(buffer)) != 0)
        {
            throw new IOException($"The owner of '{path}' could not be read: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
        return (MemoryMarshal.Read<uint>(buffer[UserOffset..]), MemoryMarshal.Read<uint>(buffer[GroupOffset..]));
    }

    /// <summary>Changes the owner of a folder that root made.</summary>
    public static void Give(string path, (uint User, uint Group) owner)
    {
        if (Libc.ChangeOwner(path, owner.User, owner.Group) != 0)
        {
            throw new IOException($"'{path}' could not be given to the user {owner.User}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }
}
