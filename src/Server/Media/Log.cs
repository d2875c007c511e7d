namespace StoriesCli.Server.Media;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Warning, "A picture of type {Type} was taken without its decoder's word: {Reason}")]
    public static partial void NotConfirmed(ILogger log, string type, string reason);

    [LoggerMessage(401, LogLevel.Warning, "There is no poster of the video of story {Id}: {Reason}")]
    public static partial void NoPictureOfVideo(ILogger log, string id, string reason);
}
