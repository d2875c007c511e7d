using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Saving;

/// <summary>Writes files so that the wanted name always has a complete file.</summary>
internal static class SavedFile
{
    /// <summary>The wanted file, or a file with the default name in the wanted or current directory.</summary>
    public static string ChoosePath(string own, string? wanted)
    {
        if (wanted is not null && (wanted.Length == 0 || wanted.Contains('\0', StringComparison.Ordinal)))
        {
            throw CommandException.Usage("-o needs the name of a file or directory.");
        }
        // A name that begins with a dash would be an option for other programs.
        return wanted is null
            ? own.StartsWith('-')
                ? $"./{own}"
                : own
            : Directory.Exists(wanted)
                ? Path.Combine(wanted, own)
                : wanted;
    }

    /// <summary>The folder of a file.</summary>
    public static string GetFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? folder : throw CommandException.Usage($"{LocalFiles.NameOf(folder ?? path)}: no such directory.");
    }

    public static void RefuseExisting(string path, bool force, string remedy = "--force replaces it, -o names another file")
    {
        if (!force && Path.Exists(path) && FileKind.IsRegularOrNone(path))
        {
            throw new CommandException(ExitCode.Refused, $"{LocalFiles.NameOf(path)} exists already: {remedy}.");
        }
    }

    /// <summary>The target of a link, so that the link stays.</summary>
    public static string Follow(string path) =>
        LocalFiles.Try(
            path,
            () => new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path
        );

    /// <summary>Writes to a device or pipe, which must not be replaced by a file.</summary>
    public static async Task WriteIntoAsync(string path, Func<Stream, Task> write, CancellationToken cancel)
    {
        try
        {
            // Opening a pipe blocks until somebody reads it.
            var target = await Task.Run(
                    () =>
                        LocalFiles.Try(
                            path,
                            () => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)
                        ),
                    CancellationToken.None
                )
                .WaitAsync(cancel)
                .ConfigureAwait(false);
            await using (target.ConfigureAwait(false))
            {
                await write(new ForwardOnlyStream(target)).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            throw new CommandException(ExitCode.Failed, $"{LocalFiles.NameOf(path)} cannot be written: {FileFault.Reason(e)}.");
        }
    }

    public static CommandException CannotBeWritten(string path, IOException e) =>
        new(ExitCode.Failed, $"{LocalFiles.NameOf(path)} cannot be written, and the partial file was deleted: {FileFault.Reason(e)}.");

    /// <summary>Writes a temporary file and renames it when it is complete. Deletes it after a failure.</summary>
    /// <param name="path">The wanted name; a device or pipe is written to directly.</param>
    /// <param name="force">Whether to replace an existing file.</param>
    /// <param name="write">Writes the content, and throws if it is wrong.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="isSecret">Whether only its owner may read it, whatever the umask is.</param>
    public static async Task WriteAsync(string path, bool force, Func<Stream, Task> write, CancellationToken cancel, bool isSecret = false)
    {
        if (!FileKind.IsRegularOrNone(path))
        {
            await WriteIntoAsync(path, write, cancel).ConfigureAwait(false);
            return;
        }
        path = Follow(path);
        RefuseExisting(path, force);
        var folder = GetFolder(path);
        var part = Path.Combine(folder, $".{PartialFileCleanup.NewName()}.part");
        PartialFileCleanup.Remove(folder, part, DateTimeOffset.UtcNow);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (isSecret && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            var file = LocalFiles.Try(part, () => new FileStream(part, options));
            await using (file.ConfigureAwait(false))
            {
                await write(file).ConfigureAwait(false);
                // After a power cut the name must not refer to an empty file.
                file.Flush(flushToDisk: true);
            }
            RefuseExisting(path, force);
            File.Move(part, path, force);
        }
        catch (Exception e) when (e is IOException || FileSizeSignal.IsCauseOf(e))
        {
            throw CannotBeWritten(path, e as IOException ?? FileSizeSignal.Explain());
        }
        finally
        {
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }
}
