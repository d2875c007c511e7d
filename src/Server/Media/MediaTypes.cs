namespace StoriesCli.Server.Media;

/// <summary>The media types that are accepted.</summary>
internal static class MediaTypes
{
    public const string Jpeg = "image/jpeg", Png = "image/png", Gif = "image/gif", WebP = "image/webp";
    public const string Mp4 = "video/mp4", Mov = "video/quicktime", WebM = "video/webm";
    public const string Mp3 = "audio/mpeg", Ogg = "audio/ogg", Wav = "audio/wav", M4A = "audio/mp4", WebMAudio = "audio/webm";
    public const string Cast = "application/x-asciicast", Text = "text/plain";

    public static readonly string[] All = [Jpeg, Png, Gif, WebP, Mp4, Mov, WebM, Mp3, Ogg, Wav, M4A, WebMAudio, Cast, Text];

    public const string Accepted = "JPEG, PNG, GIF, WebP, MP4, MOV, WebM, MP3, Ogg, WAV, M4A, and asciicast v2 or v3; text as text/plain, as the field text, or under a name in .txt, .log or .md";
}
