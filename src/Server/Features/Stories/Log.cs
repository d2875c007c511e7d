namespace StoriesCli.Server.Features.Stories;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "{Count} expired stories are gone from the disk")]
    public static partial void Swept(ILogger log, int count);

    [LoggerMessage(201, LogLevel.Warning, "Deleted {Count} {Noun} that belonged to no story")]
    public static partial void LeftOversDeleted(ILogger log, int count, string noun);

    [LoggerMessage(202, LogLevel.Error, "Sweeping failed and is tried again")]
    public static partial void SweepFailed(ILogger log, Exception exception);

    [LoggerMessage(
        204,
        LogLevel.Error,
        "The media folder holds more that no story accounts for than an interruption leaves, so it is kept (files: {Files}, ids: {Ids}, bytes: {Bytes}). If the database was replaced, stop the server and put the right one back. To let go of them: stories-server purge --unknown-media --data {Data}"
    )]
    public static partial void UnknownMediaHeld(ILogger log, int files, int ids, long bytes, string data);

    [LoggerMessage(205, LogLevel.Information, "No media without a story are held back any more. Files: {Files}")]
    public static partial void UnknownMediaOver(ILogger log, int files);

    [LoggerMessage(206, LogLevel.Warning, "Deleted media without a story, as the host asked. Files: {Files}, ids: {Ids}, bytes: {Bytes}")]
    public static partial void UnknownMediaRemoved(ILogger log, int files, int ids, long bytes);

    [LoggerMessage(208, LogLevel.Error, "Files of ended stories could not be deleted yet, and are tried again in half a minute: {Reason}")]
    public static partial void MediaLeft(ILogger log, string reason);

    [LoggerMessage(207, LogLevel.Warning, "The media could not be compared with the stories, and are compared later: {Reason}")]
    public static partial void MediaNotCompared(ILogger log, string reason);

    [LoggerMessage(203, LogLevel.Warning, "The files of story {Id}, which is gone, could not be deleted yet; the sweeper will")]
    public static partial void FilesLeft(ILogger log, string id, Exception exception);
}
