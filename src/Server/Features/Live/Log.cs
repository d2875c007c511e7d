namespace StoriesCli.Server.Features.Live;

internal static partial class Log
{
    [LoggerMessage(140, LogLevel.Warning, "The live terminal {Id} is silent and could not be ended yet; it is tried again")]
    public static partial void NotEnded(ILogger log, string id, Exception exception);

    [LoggerMessage(141, LogLevel.Error, "Live terminals could not be checked, which is tried again")]
    public static partial void CheckFailed(ILogger log, Exception exception);

    [LoggerMessage(142, LogLevel.Error, "The file of the live terminal {Id} could not be opened; it is tried again")]
    public static partial void NotLoaded(ILogger log, string id, Exception exception);
}
