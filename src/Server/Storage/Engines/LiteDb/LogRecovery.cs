namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>What opening found in the log.</summary>
/// <param name="Frames">Number of frames that are kept.</param>
/// <param name="Salt">Salt of these frames; null when there are none.</param>
/// <param name="CutBytes">Bytes after them that are not a complete frame. After a crash a torn end is normal.</param>
/// <param name="SyncedFrames">
/// Number of frames that were certainly on disk once, so that they may have been acknowledged. The first frame of each commit says so of all
/// frames before it; the mark beside the log says so of the last commit.
/// </param>
internal sealed record LogRecovery(long Frames, ulong? Salt, long CutBytes, long SyncedFrames)
{
    /// <summary>Number of lost frames that may have been acknowledged. A crash does not cause this: something damaged or cut the file.</summary>
    public long LostFrames => Math.Max(0, SyncedFrames - Frames);

    /// <summary>Reads the frames up to the first bad one. Changes nothing.</summary>
    /// <param name="file">The log file.</param>
    /// <param name="mark">The note beside the log.</param>
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
            // The first frame of a log follows the sync that emptied it. If it does not say so, an older server wrote it.
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
