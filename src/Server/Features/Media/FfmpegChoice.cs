namespace StoriesCli.Server.Features.Media;

/// <summary>Which ffmpeg makes posters of videos, if any.</summary>
/// <param name="Path">Full path of the program; null when there is none.</param>
/// <param name="Limiter">Full path of prlimit, which limits the program's resources.</param>
/// <param name="Lack">What is missing, when the program was to be searched for.</param>
internal sealed record FfmpegChoice(string? Path, string? Limiter, string? Lack = null)
{
    public static readonly FfmpegChoice Off = new(null, null);

    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Why there is no poster of a video; null when there can be one.</summary>
    public string? Refusal =>
        Path is not null ? null
        : Lack is not null ? $"There are no posters of videos here: {Lack}."
        : "There are no posters of videos here: the server's host turns them on with the option --ffmpeg auto.";

    /// <param name="text"><c>off</c>, <c>auto</c>, or the path of the program.</param>
    /// <param name="searchPath">Folders separated by colons, as in PATH.</param>
    /// <exception cref="FormatException">The named program cannot be run, or its resources cannot be limited.</exception>
    public static FfmpegChoice Parse(string text, string? searchPath)
    {
        if (text == "off")
        {
            return Off;
        }
        var limiter = Find("prlimit", searchPath);
        if (text == "auto")
        {
            return Find("ffmpeg", searchPath) is not { } found ? new(null, null, "no ffmpeg was found on the server's PATH")
                : limiter is null
                    ? new(null, null, "the program prlimit of util-linux, which bounds ffmpeg's memory, was not found on the server's PATH")
                : new(found, limiter);
        }
        var path = text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? System.IO.Path.GetFullPath(text) : "";
        return !IsProgram(path) ? throw new FormatException($"must be off, auto or the path of a program, was \"{text}\"")
            : limiter is null
                ? throw new FormatException(
                    "needs the program prlimit of util-linux, which bounds ffmpeg's memory, and which was not found on PATH"
                )
            : new(path, limiter);
    }

    public static string? Find(string program, string? searchPath) =>
        // A relative folder would depend on the server's working directory.
        (searchPath ?? "")
            .Split(':')
            .Where(System.IO.Path.IsPathRooted)
            .Select(folder => System.IO.Path.Combine(folder, program))
            .FirstOrDefault(IsProgram);

    public static bool IsProgram(string path) => File.Exists(path) && (File.GetUnixFileMode(path) & Execute) != 0;

    /// <summary>Runs it with the limits that it will have, so that a faulty program is reported now and not at the first video.</summary>
    /// <returns>What is wrong, as the end of a sentence about the program; null when nothing is, or when there is no program.</returns>
    public string? FindFault()
    {
        if (Path is null)
        {
            return null;
        }
        string[] arguments = [$"--as={Ffmpeg.MemoryBytes}", "--cpu=10", "--fsize=0", "--core=0", "--", Path, "-nostdin", "-version"];
        return ProgramProof.Run(Limiter!, arguments, "for its version", out var said)
            ?? (
                said.StartsWith("ffmpeg version", StringComparison.Ordinal)
                    ? null
                    : "is no ffmpeg: asked for its version it does not say so"
            );
    }
}
