namespace StoriesCli.Server.Storage;

internal static partial class Log
{
    public static void Opened(ILogger log, LogOpening opening)
    {
        if (opening.LostFrames > 0) Damaged(log, opening.Frames, opening.LostFrames);
        else if (opening.CutBytes > 0) CutTail(log, opening.CutBytes);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database's log is damaged in the middle: {Frames} pages before the damage are kept, "
        + "{Lost} whole pages behind it are lost. Acknowledged changes may be missing; check the disk, and restore a backup if they are. The log as it was: stories.log.damaged")]
    private static partial void Damaged(ILogger log, long frames, long lost);

    [LoggerMessage(Level = LogLevel.Information, Message = "Cut {Bytes} bytes of an unfinished write from the end of the database's log")]
    private static partial void CutTail(ILogger log, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Copied the database to {Copy} before changing its schema")]
    public static partial void CopiedBeforeMigration(ILogger log, string copy);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database has schema {Version} now")]
    public static partial void Migrated(ILogger log, int version);

    [LoggerMessage(Level = LogLevel.Error, Message = "What had to run after a commit failed; the commit stands")]
    public static partial void AfterCommitFailed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {Pages} pages could not be brought into the data file; it stays until it can")]
    public static partial void CheckpointFailed(ILogger log, Exception e, long pages);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database failed and is opened again; no change is taken meanwhile")]
    public static partial void Reopening(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is open again; every acknowledged change is there")]
    public static partial void Reopened(ILogger log);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database could not be opened again")]
    public static partial void Failed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Closing the failed database gave another error")]
    public static partial void CloseFailed(ILogger log, Exception e);
}
