using StoriesCli.Client.Media;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Saving;

/// <summary>Writes files so that one by the wanted name is always whole.</summary>
internal static class SavedFile
{
    /// <summary>The wanted file; in a wanted directory, or where nothing was wanted, a file of its own name.</summary>
    public static string ChoosePath(string own, string? wanted)
    {
        if (wanted is not null && (wanted.Length == 0 || wanted.Contains('\0', StringComparison.Ordinal)))
        {
            throw CommandException.Usage("-o needs the name of a file or directory.");
        }
        // A name that begins with a dash would be an option of whatever is given it.
        return wanted is null
            ? own.StartsWith('-')
                ? $"./{own}"
                : own
            : Directory.Exists(wanted)
                ? Path.Combine(wanted, own)
                : wanted;
    }

    /// <summary>The folder that a file shall lie in.</summary>
    public static string GetFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder)
            ? folder
            : throw CommandException.Usage($"{LocalFiles.NameOf(folder ?? path)}: there is no such directory.");
    }

    public static void RefuseExisting(string path, bool force, string remedy = "--force replaces it, -o names another file")
    {
        if (!force && Path.Exists(path) && FileKind.IsRegularOrNone(path))
        {
            throw new CommandException(ExitCode.Refused, $"{LocalFiles.NameOf(path)} exists already: {remedy}.");
        }
    }

    /// <summary>What a link names, so that it stays one.</summary>
    public static string Follow(string path) =>
        LocalFiles.Try(
            path,
            () => new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path
        );

    /// <summary>Writes into a device or a pipe, which no file may take the place of.</summary>
    public static async Task WriteIntoAsync(string path, Func<Stream, Task> write, CancellationToken cancel)
    {
        try
        {
            // Opening a pipe waits for whoever reads it.
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
                await write(new OnlyForward(target)).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            throw new CommandException(ExitCode.Failed, $"{LocalFiles.NameOf(path)} cannot be written: {LocalFiles.NameOf(e.Message)}");
        }
    }

    public static CommandException CannotBeWritten(string path, IOException e) =>
        new(ExitCode.Failed, $"{LocalFiles.NameOf(path)} cannot be written, and nothing is left of it: {LocalFiles.NameOf(e.Message)}");

    /// <summary>Writes beside the wanted name and gives it that name once it is complete; nothing stays of what fails.</summary>
    /// <param name="path">The wanted name; a device or a pipe is written into.</param>
    /// <param name="force">Replaces a file that exists.</param>
    /// <param name="write">Writes all of it, and throws when it is not right.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="isSecret">Whether its owner alone may read it, whatever the umask is.</param>
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
        var part = Path.Combine(folder, $".{AbandonedParts.NewName()}.part");
        AbandonedParts.Remove(folder, part, DateTimeOffset.UtcNow);
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
                // A power cut must not leave the name with nothing behind it, in the place of a file that was good.
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
