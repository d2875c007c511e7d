namespace StoriesCli.Server.Stories;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "{Count} expired stories are gone from the disk")]
    public static partial void Swept(ILogger log, int count);

    [LoggerMessage(201, LogLevel.Warning, "{Count} files that belonged to no story were deleted")]
    public static partial void LeftOversDeleted(ILogger log, int count);

    [LoggerMessage(202, LogLevel.Error, "Sweeping failed and is tried again")]
    public static partial void SweepFailed(ILogger log, Exception exception);

    [LoggerMessage(203, LogLevel.Warning, "The files of story {Id}, which is gone, could not be deleted yet; the sweeper will")]
    public static partial void FilesLeft(ILogger log, string id, Exception exception);
}
