namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>What opening found in the log.</summary>
/// <param name="Frames">How many frames are kept.</param>
/// <param name="Salt">Their salt, or null when there are none.</param>
/// <param name="CutBytes">How much behind them was not a whole frame: after a crash a torn end is normal.</param>
/// <param name="SyncedFrames">
/// How many frames were surely on the disk once, so that what they hold may have been acknowledged: the first frame of each commit says that all
/// before it were, and the mark beside the log says it of the last commit.
/// </param>
internal sealed record LogRecovery(long Frames, ulong? Salt, long CutBytes, long SyncedFrames)
{
    /// <summary>Frames that may have been acknowledged and are lost. No crash does that: something damaged or cut the file.</summary>
    public long LostFrames => Math.Max(0, SyncedFrames - Frames);

    /// <summary>Finds the frames up to the first bad one. It changes nothing.</summary>
    /// <param name="file">The log.</param>
    /// <param name="mark">What was noted beside it.</param>
    public static LogRecovery Read(LogFile file, SyncMark mark)
    {
        var frame = new PageFrame();
        var bytes = file.Length;
        ulong? salt = null;
        var frames = 0L;
        var synced = 0L;
        var saysSynced = mark.WasThere;
        for (; IsNext(file, frame, frames, salt); frames++)
        {
            salt = frame.Salt;
            // The first frame of a log follows the sync that emptied it. One that does not say so is of a server that did not note it.
            if (frames == 0)
                saysSynced = frame.FollowsSync;
            if (frame.FollowsSync)
                synced = frames;
        }
        for (var i = frames + 1; (i + 1) * PageFrame.Bytes <= bytes; i++)
        {
            if (!IsNext(file, frame, i, salt))
                continue;
            if (frame.FollowsSync)
                synced = i;
            else if (!saysSynced)
                synced = i + 1;
        }
        var (noted, notedFrames) = mark.AtOpening;
        if (salt is null || salt == noted)
            synced = Math.Max(synced, notedFrames);
        return new LogRecovery(frames, salt, bytes - frames * PageFrame.Bytes, synced);
    }

    private static bool IsNext(LogFile file, PageFrame frame, long index, ulong? salt) =>
        file.Read(frame.Buffer, index * PageFrame.Bytes) == PageFrame.Bytes && frame.IsWhole(index) && (salt is null || frame.Salt == salt);
}
