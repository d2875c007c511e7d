namespace StoriesCli.Server.Features.Media;

/// <summary>The accepted media types.</summary>
internal static class MediaTypes
{
    public const string Jpeg = "image/jpeg",
        Png = "image/png",
        Gif = "image/gif",
        WebP = "image/webp",
        Avif = "image/avif",
        Heic = "image/heic";
    public const string Mp4 = "video/mp4",
        Mov = "video/quicktime",
        WebM = "video/webm";
    public const string Mp3 = "audio/mpeg",
        Ogg = "audio/ogg",
        Wav = "audio/wav",
        M4A = "audio/mp4",
        WebMAudio = "audio/webm";
    public const string Cast = "application/x-asciicast",
        Text = "text/plain";

    public static readonly string[] All = [Jpeg, Png, Gif, WebP, Avif, Mp4, Mov, WebM, Mp3, Ogg, Wav, M4A, WebMAudio, Cast, Text];

    /// <summary>The image types.</summary>
    public static readonly string[] Images = [Jpeg, Png, Gif, WebP, Avif];

    public const string Accepted =
        "JPEG, PNG, GIF, WebP, AVIF, MP4, MOV, WebM, MP3, Ogg, WAV, M4A, and asciicast v2 or v3; text as text/plain, as the field text, or under a name in .txt, .log or .md";
}
