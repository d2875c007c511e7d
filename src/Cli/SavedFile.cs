namespace StoriesCli.Cli;

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
        return wanted is null ? own : Directory.Exists(wanted) ? Path.Combine(wanted, own) : wanted;
    }

    /// <summary>The folder that a file shall lie in.</summary>
    public static string GetFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? folder : throw CommandException.Usage($"{folder ?? path}: there is no such directory.");
    }

    public static void RefuseExisting(string path, bool force)
    {
        if (!force && Path.Exists(path))
        {
            throw new CommandException(ExitCode.Refused, $"{path} exists already: --force replaces it, -o names another file.");
        }
    }

    /// <summary>Writes beside the wanted name and gives it that name once it is complete; nothing stays of what fails.</summary>
    public static async Task WriteAsync(string path, bool force, Func<Stream, Task> write)
    {
        RefuseExisting(path, force);
        var part = Path.Combine(GetFolder(path), $".{Path.GetRandomFileName()}.part");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            var file = LocalFiles.Try(part, () => new FileStream(part, options));
            await using (file.ConfigureAwait(false))
            {
                await write(file).ConfigureAwait(false);
            }
            File.Move(part, path, force);
        }
        catch (IOException e)
        {
            throw new CommandException(ExitCode.Failed, $"{path} cannot be written, and nothing is left of it: {e.Message}");
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
