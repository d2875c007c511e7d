using System.Runtime.InteropServices;

namespace StoriesCli.Server.Storage.Files;

/// <summary>Lets what root does on the machine leave nothing behind that the server's own account cannot open.</summary>
internal static partial class FolderUser
{
    private const int BufferBytes = 256,
        UserOffset = 20,
        GroupOffset = 24;
    private const int CurrentDirectory = -100,
        UserAndGroup = 0x18;

    public static bool IsRoot => OperatingSystem.IsLinux() && GetEffectiveUser() == 0;

    /// <summary>From here on root acts as the owner of the folder; anybody else stays who they are.</summary>
    /// <exception cref="DataDirectoryException">Root may not become that account.</exception>
    public static void Become(string folder)
    {
        if (!IsRoot || Find(folder) is not { User: not 0 } owner)
        {
            return;
        }
        // The groups first: without root's user nobody may change them. libc does it for all threads of the process.
        if (SetGroups(0, 0) != 0 || SetEffectiveGroup(owner.Group) != 0 || SetEffectiveUser(owner.User) != 0)
        {
            throw new DataDirectoryException(
                $"'{folder}' belongs to the user {owner.User}, and root cannot act as that user here ({Marshal.GetLastPInvokeErrorMessage()}). Run the command as that user."
            );
        }
    }

    /// <summary>The account whose server a data directory is, when root is about to run another one on it.</summary>
    /// <returns>Null when nobody else's files would be mixed with ours.</returns>
    public static uint? FindOtherOwner(string data)
    {
        var database = Path.Combine(data, "stories.db");
        return IsRoot && File.Exists(database) && Find(database).User is not 0 and var user ? user : null;
    }

    /// <summary>Who owns a file or folder.</summary>
    public static (uint User, uint Group) Find(string path)
    {
        Span<byte> buffer = stackalloc byte[BufferBytes];
        if (Status(CurrentDirectory, path, 0, UserAndGroup, ref MemoryMarshal.GetReference(buffer)) != 0)
        {
            throw new IOException($"The owner of '{path}' could not be read: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
        return (MemoryMarshal.Read<uint>(buffer[UserOffset..]), MemoryMarshal.Read<uint>(buffer[GroupOffset..]));
    }

    /// <summary>Gives a folder that root has made to another account.</summary>
    public static void Give(string path, (uint User, uint Group) owner)
    {
        if (ChangeOwner(path, owner.User, owner.Group) != 0)
        {
            throw new IOException($"'{path}' could not be given to the user {owner.User}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nuint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setegid", SetLastError = true)]
    private static partial int SetEffectiveGroup(uint group);

    [LibraryImport("libc", EntryPoint = "seteuid", SetLastError = true)]
    private static partial int SetEffectiveUser(uint user);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte buffer);
}
