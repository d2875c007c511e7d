using StoriesCli.Contracts;

namespace StoriesCli.Cli.Saving;

/// <summary>Opens local files, and explains in one sentence why one cannot be used.</summary>
internal static class LocalFiles
{
    /// <summary>A file name for messages, on one line.</summary>
    public static string NameOf(string path) => CleanText.OneLine(path);

    public static string ReadSecret(string path) =>
        Try(
            path,
            () =>
                new FileInfo(path).Length <= 4096
                    ? File.ReadAllText(path)
                    : throw CommandException.Usage($"{NameOf(path)} is too long to be a token: {new FileInfo(path).Length} bytes.")
        );

    public static T Try<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandException.Usage($"{NameOf(path)}: no such file.");
        }
        catch (UnauthorizedAccessException)
        {
            throw CommandException.Usage(
                Directory.Exists(path) ? $"{NameOf(path)} is a directory." : $"{NameOf(path)}: permission denied."
            );
        }
        catch (IOException e)
        {
            throw new CommandException(ExitCode.Failed, $"{NameOf(path)}: {FileFault.Reason(e)}.");
        }
    }
}
