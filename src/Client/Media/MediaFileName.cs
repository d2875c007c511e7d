using StoriesCli.Contracts;

namespace StoriesCli.Client.Media;

/// <summary>The file name for a story's media.</summary>
public static class MediaFileName
{
    /// <summary>The author's file name if it is safe here; otherwise the story's id with the type's extension.</summary>
    public static string Of(Story story)
    {
        ArgumentNullException.ThrowIfNull(story);
        var given = CleanText.OneLine(story.Media.FileName ?? "").Replace('\\', '/').Split('/')[^1].Trim().TrimStart('.');
        var name = string.Concat(given.Split(Path.GetInvalidFileNameChars()));
        return name.Length > 0 ? name : $"{story.Id}.{Extension(story.Media.Type)}";
    }

    /// <summary>The extension of a media type, without the dot.</summary>
    public static string Extension(string mediaType) =>
        mediaType switch
        {
            "image/jpeg" => "jpg",
            "video/quicktime" => "mov",
            "audio/mpeg" => "mp3",
            "audio/mp4" => "m4a",
            "audio/wav" or "audio/x-wav" => "wav",
            "application/x-asciicast" => "cast",
            "text/plain" => "txt",
            _ => string.Concat(mediaType.Split('/')[^1].Where(char.IsAsciiLetterOrDigit)) is { Length: > 0 } sub ? sub : "bin",
        };
}
