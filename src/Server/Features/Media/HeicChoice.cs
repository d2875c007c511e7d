namespace StoriesCli.Server.Features.Media;

/// <summary>Which program converts HEIC images to JPEG, if any.</summary>
/// <param name="Path">Full path of the program; null when there is none.</param>
/// <param name="Limiter">Full path of prlimit, which limits the program's resources.</param>
/// <param name="Lack">What is missing, when the program was to be searched for.</param>
internal sealed record HeicChoice(string? Path, string? Limiter, string? Lack = null)
{
    public static readonly HeicChoice Off = new(null, null);

    // Programs of libheif, the newer name first. In Debian they are in libheif-examples.
    private static readonly string[] Programs = ["heif-dec", "heif-convert"];

    private const string Remedy =
        "Save it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible; elsewhere: heif-convert photo.heic photo.jpg)";

    /// <summary>Why HEIC is not accepted, and how to convert it; null when it is accepted.</summary>
    public string? Refusal =>
        Path is not null ? null
        : Lack is not null ? $"{Remedy}. This server cannot convert it: {Lack}."
        : $"{Remedy}, or ask the server's host for the option --heic auto, which converts it.";

    /// <param name="text"><c>off</c>, <c>auto</c>, or the path of the program.</param>
    /// <param name="searchPath">Folders separated by colons, as in PATH.</param>
    /// <exception cref="FormatException">The named program cannot be run, or its resources cannot be limited.</exception>
    public static HeicChoice Parse(string text, string? searchPath)
    {
        if (text == "off")
            return Off;
        var limiter = FfmpegChoice.Find("prlimit", searchPath);
        if (text == "auto")
        {
            return Programs.Select(program => FfmpegChoice.Find(program, searchPath)).FirstOrDefault(path => path is not null)
                    is not { } found
                    ? new(null, null, "neither heif-dec nor heif-convert was found on the server's PATH")
                : limiter is null
                    ? new(
                        null,
                        null,
                        "the program prlimit of util-linux, which bounds the converter's memory, was not found on the server's PATH"
                    )
                : new(found, limiter);
        }
        var path = text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? System.IO.Path.GetFullPath(text) : "";
        return !FfmpegChoice.IsProgram(path)
                ? throw new FormatException($"must be off, auto or the path of a program, was \"{Http.Excerpt.Of(text)}\"")
            : limiter is null
                ? throw new FormatException(
                    "needs the program prlimit of util-linux, which bounds the converter's memory, and which was not found on PATH"
                )
            : new(path, limiter);
    }

    /// <summary>Has it convert a small image with the limits that it will have.</summary>
    /// <returns>What is wrong, as the end of a sentence about the program; null when nothing is, or when there is no program.</returns>
    public string? FindFault()
    {
        if (Path is null)
            return null;
        try
        {
            var folder = Directory.CreateTempSubdirectory("stories-heic-");
            try
            {
                var (source, target) = (
                    System.IO.Path.Combine(folder.FullName, "sample.heic"),
                    System.IO.Path.Combine(folder.FullName, "sample.jpg")
                );
                File.WriteAllBytes(source, Convert.FromBase64String(Sample));
                string[] arguments =
                [
                    $"--as={HeicConverter.MemoryBytes}",
                    "--cpu=10",
                    "--fsize=1048576",
                    "--core=0",
                    "--",
                    Path,
                    "-q",
                    "90",
                    source,
                    target,
                ];
                return ProgramProof.Run(Limiter!, arguments, "to convert a HEIC picture", out _)
                    ?? (IsJpeg(target) ? null : "is no converter of HEIC pictures: asked to convert one to JPEG it made none");
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be tried: {e.Message}";
        }
    }

    private static bool IsJpeg(string path) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().StartsWith<byte>([0xff, 0xd8, 0xff]);

    // A grey image of 64 × 64 pixels, made by heif-enc.
    private const string Sample =
        "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImls"
        + "b2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAAADgAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAwmlwcnAAAACkaXBjbwAAAHhodmNDAQNwAAAA"
        + "AAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgQEDAgAAAMACAAAAwAI"
        + "QCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAAAWbWRhdAAAAAooAa8EGPxK15vA";
}
