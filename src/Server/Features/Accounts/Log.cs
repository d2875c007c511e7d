namespace StoriesCli.Server.Features.Accounts;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "A token's last use could not be noted")]
    public static partial void LastUseNotNoted(ILogger log, Exception exception);

    [LoggerMessage(
        101,
        LogLevel.Error,
        "What the server has of the deleted account {Handle} could not be erased; the next start tries it again"
    )]
    public static partial void NotErased(ILogger log, Exception exception, string handle);

    [LoggerMessage(102, LogLevel.Warning, "Owners of tokens that end soon could not be warned; the next look tries again")]
    public static partial void NotWarned(ILogger log, Exception exception);
}
