namespace StoriesCli.Server.Accounts;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "A token's last use could not be noted")]
    public static partial void LastUseNotNoted(ILogger log, Exception exception);

    [LoggerMessage(101, LogLevel.Error, "What {Handle} left behind could not be removed; the next start tries it again")]
    public static partial void NotCleared(ILogger log, Exception exception, string handle);

    [LoggerMessage(102, LogLevel.Warning, "Owners of tokens that end soon could not be warned; the next look tries again")]
    public static partial void NotWarned(ILogger log, Exception exception);
}
