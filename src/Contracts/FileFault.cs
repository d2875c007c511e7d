using System.Text.RegularExpressions;

namespace StoriesCli.Contracts;

/// <summary>
/// Says in a few plain words why a file or directory cannot be used. The framework's sentences are long, repeat the path, and differ from
/// place to place.
/// </summary>
public static partial class FileFault
{
    // errno of Linux. The framework keeps it as the HResult of what it has no type for.
    private const int NotPermitted = 1,
        Locked = 11,
        Exists = 17,
        IsDirectory = 21,
        NoSpace = 28,
        ReadOnly = 30,
        NameTooLong = 36,
        NotEmpty = 39,
        LinksLoop = 40,
        NoQuota = 122;

    /// <summary>The reason, as the end of a sentence that has named the file: <c>permission denied</c>.</summary>
    public static string Reason(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return TryReason(e) ?? CleanText.OneLine(e.Message).TrimEnd('.');
    }

    /// <summary>File and reason, for a sentence that has named neither: <c>/srv/x: permission denied</c>. Messages of our own stay.</summary>
    public static string Describe(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return TryReason(e) is not { } reason ? CleanText.OneLine(WithoutFrameworkWords(e))
            : PathIn(e) is { } path ? $"{CleanText.OneLine(path)}: {reason}"
            : reason;
    }

    /// <summary>A sentence of ours may end in one of the framework's.</summary>
    private static string WithoutFrameworkWords(Exception e) =>
        e.InnerException is { } cause && e.Message.EndsWith(cause.Message, StringComparison.Ordinal) && TryReason(cause) is not null
            ? e.Message[..^cause.Message.Length] + Describe(cause)
            : e.Message;

    /// <returns>Null for a message that is not the framework's.</returns>
    private static string? TryReason(Exception e) =>
        e switch
        {
            FileNotFoundException or DirectoryNotFoundException => Missing(PathIn(e)),
            PathTooLongException => "its path, or a name in it, is too long",
            UnauthorizedAccessException => Refused(e),
            _ when FileSizeSignal.IsCauseOf(e) => CleanText.OneLine(FileSizeSignal.Explain().Message).TrimEnd('.'),
            // Code of ours may use the system's number for a sentence of its own.
            IOException when PathIn(e) is not null => ByNumber(e.HResult) ?? BySystem(e.Message),
            _ => null,
        };

    private static string Missing(string? path) =>
        (path is null ? null : Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path))) is not { Length: > 0 } folder
        || Directory.Exists(folder)
            ? "no such file or directory"
        : File.Exists(folder) ? $"{CleanText.OneLine(folder)} is a file"
        : $"there is no directory {CleanText.OneLine(folder)}";

    /// <summary>The framework refuses to open a directory as a file as if its mode forbade that.</summary>
    private static string Refused(Exception e) =>
        e.InnerException?.HResult == NotPermitted ? ByNumber(NotPermitted)!
        : PathIn(e) is { } path && IsReadableDirectory(path) ? ByNumber(IsDirectory)!
        : "permission denied";

    private static bool IsReadableDirectory(string path)
    {
        try
        {
            _ = Directory.EnumerateFileSystemEntries(path).FirstOrDefault();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? ByNumber(int number) =>
        number switch
        {
            NotPermitted => "the system does not permit it",
            Locked => "another program uses it",
            Exists => "it exists already",
            IsDirectory => "it is a directory",
            NoSpace => "the disk is full",
            ReadOnly => "its file system is read-only",
            NameTooLong => "its name is too long",
            NotEmpty => "it is not empty",
            LinksLoop => "its links lead in a circle",
            NoQuota => "the disk quota of the account is used up",
            _ => null,
        };

    /// <summary>What the system said, without the path that the framework adds.</summary>
    private static string? BySystem(string message) =>
        SystemMessage().Match(message) is { Success: true } match ? CleanText.OneLine(match.Groups[1].Value) : null;

    private static string? PathIn(Exception e) => QuotedPath().Match(e.Message) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("'(.+)'", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"\A([^'\n]+) : '.*'\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex SystemMessage();
}
