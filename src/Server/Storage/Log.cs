using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage;

internal static partial class Log
{
    public static void Opened(ILogger log, LogRecovery opening)
    {
        if (opening.LostFrames > 0)
            Damaged(log, opening.Frames, opening.LostFrames);
        else if (opening.CutBytes > 0)
            CutTail(log, opening.CutBytes);
    }

    private const int NamesMaximum = 50;

    public static void Rebuilt(ILogger log, FoundDamage damage)
    {
        if (damage.Lost.Count == 0)
        {
            RebuiltWhole(log, damage.Pages);
            return;
        }
        var names = string.Join(", ", damage.Lost.Take(NamesMaximum).Select(lost => QuarantineRow.IdOf(lost.Collection, lost.Id)));
        var more = damage.Lost.Count > NamesMaximum ? $" and {damage.Lost.Count - NamesMaximum} more" : "";
        RebuiltWithLoss(log, damage.Pages, damage.Lost.Count, names, more);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Pages} pages of the data file were damaged. No row is lost; all were copied into a new file. "
            + "Check the disk. The file as it was: stories.db.damaged, which the server deletes after 30 days"
    )]
    private static partial void RebuiltWhole(ILogger log, int pages);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Pages} pages of the data file were damaged, and {Lost} rows are lost: {Names}{More}. "
            + "The server goes on without them. Check the disk, and restore a backup if you need them. The file as it was: stories.db.damaged, which the server deletes after 30 days"
    )]
    private static partial void RebuiltWithLoss(ILogger log, int pages, int lost, string names, string more);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Name} beside the data file was missing or damaged, so the data file could not be checked. "
            + "The server made new checksums"
    )]
    public static partial void NotChecked(ILogger log, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} beside the log was missing, so the end of the log could not be checked")]
    public static partial void EndNotChecked(ILogger log, string name);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The end of the database's log is damaged or cut: {Frames} pages before it are kept, and {Lost} pages are lost "
            + "that may hold acknowledged changes. Check the disk, and restore a backup if changes are missing. "
            + "The log as it was: stories.log.damaged, which the server deletes after 30 days"
    )]
    private static partial void Damaged(ILogger log, long frames, long lost);

    [LoggerMessage(Level = LogLevel.Information, Message = "Cut {Bytes} bytes of an unfinished write from the end of the database's log")]
    private static partial void CutTail(ILogger log, long bytes);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Bringing the database from schema {From} to {To}. It is copied first, which takes a while if it is large: it has {Bytes} bytes"
    )]
    public static partial void Migrating(ILogger log, int from, int to, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Bringing the database from schema {From} to {To}, in one transaction")]
    public static partial void MigratingWithoutCopy(ILogger log, int from, int to);

    [LoggerMessage(Level = LogLevel.Information, Message = "Copied the database to {Copy} before changing its schema")]
    public static partial void CopiedBeforeMigration(ILogger log, string copy);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database has schema {Version} now")]
    public static partial void Migrated(ILogger log, int version);

    [LoggerMessage(Level = LogLevel.Information, Message = "This server writes now, after commit {Seq}")]
    public static partial void BecameWriter(ILogger log, long seq);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Another server writes, {Writer}. This one follows it, and takes over when it is gone"
    )]
    public static partial void Follows(ILogger log, string writer);

    [LoggerMessage(Level = LogLevel.Error, Message = "An action after a commit failed; the commit itself succeeded")]
    public static partial void AfterCommitFailed(ILogger log, Exception e);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The log of {Pages} pages could not be brought into the data file; the server will try again: {Reason}"
    )]
    public static partial void CheckpointFailed(ILogger log, long pages, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Compacted the data file from {Before} to {After} pages; changes waited {Milliseconds} ms"
    )]
    public static partial void Compacted(ILogger log, long before, long after, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data file could not be compacted. The server will try again: {Reason}")]
    public static partial void CompactionFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database failed and is being reopened; until then the server accepts no changes")]
    public static partial void Reopening(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is open again; every acknowledged change is there")]
    public static partial void Reopened(ILogger log);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database could not be opened again")]
    public static partial void Failed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Closing the failed database gave another error")]
    public static partial void CloseFailed(ILogger log, Exception e);
}
