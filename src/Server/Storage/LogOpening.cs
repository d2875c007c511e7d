namespace StoriesCli.Server.Storage;

/// <summary>What opening found in the log.</summary>
/// <param name="Frames">How many frames are kept.</param>
/// <param name="Salt">Their salt, or null when there are none.</param>
/// <param name="CutBytes">How much behind them was not a whole frame: after a crash a torn end is normal.</param>
/// <param name="LostFrames">Whole frames behind a bad one. Those are not from a crash of the server: something damaged the file.</param>
internal sealed record LogOpening(long Frames, ulong? Salt, long CutBytes, long LostFrames)
{
    /// <summary>Finds the frames up to the first bad one. It changes nothing.</summary>
    public static LogOpening Read(LogFile file)
    {
        var frame = new PageFrame();
        var bytes = file.Length;
        ulong? salt = null;
        var frames = 0L;
        for (; IsNext(file, frame, frames, salt); frames++) salt = frame.Salt;

        var lost = 0L;
        for (var i = frames + 1; (i + 1) * PageFrame.Bytes <= bytes; i++)
            if (IsNext(file, frame, i, salt)) lost++;
        return new LogOpening(frames, salt, bytes - frames * PageFrame.Bytes, lost);
    }

    private static bool IsNext(LogFile file, PageFrame frame, long index, ulong? salt) =>
        file.Read(frame.Buffer, index * PageFrame.Bytes) == PageFrame.Bytes
        && frame.IsWhole(index)
        && (salt is null || frame.Salt == salt);
}
