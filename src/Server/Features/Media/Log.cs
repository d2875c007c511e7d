namespace StoriesCli.Server.Features.Media;

internal static partial class Log
{
    [LoggerMessage(402, LogLevel.Warning, "Posters from before the start could not be counted: {Reason}")]
    public static partial void PostersNotCounted(ILogger log, string reason);

    [LoggerMessage(400, LogLevel.Warning, "A picture of type {Type} was accepted without a check by its decoder: {Reason}")]
    public static partial void NotConfirmed(ILogger log, string type, string reason);

    [LoggerMessage(401, LogLevel.Warning, "There is no poster of the video of story {Id}: {Reason}")]
    public static partial void NoPictureOfVideo(ILogger log, string id, string reason);

    [LoggerMessage(
        402,
        LogLevel.Error,
        "The file {Name} of story {Id} is damaged and not served any more: it {Reason}. Check the disk; stories-server purge --dry-run lists every damaged file"
    )]
    public static partial void MediaDamaged(ILogger log, string name, string id, string reason);

    [LoggerMessage(
        403,
        LogLevel.Error,
        "More than {Count} files of stories are damaged; the others are not named here. stories-server purge --dry-run lists all of them"
    )]
    public static partial void MoreMediaDamaged(ILogger log, int count);

    [LoggerMessage(404, LogLevel.Information, "The file {Name} of story {Id} is whole again and is served")]
    public static partial void MediaWhole(ILogger log, string name, string id);

    [LoggerMessage(405, LogLevel.Debug, "All media were compared with their hashes: {Files} files, {Bytes} bytes; damaged: {Damaged}")]
    public static partial void MediaChecked(ILogger log, long files, long bytes, int damaged);

    [LoggerMessage(406, LogLevel.Warning, "The check of the media failed and is tried again")]
    public static partial void MediaCheckFailed(ILogger log, Exception exception);
}
