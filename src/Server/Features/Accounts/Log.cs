namespace StoriesCli.Server.Features.Accounts;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "A token's last use could not be recorded")]
    public static partial void LastUseNotNoted(ILogger log, Exception exception);

    [LoggerMessage(101, LogLevel.Error, "Data of the deleted account {Handle} could not be erased; the next start will try again")]
    public static partial void NotErased(ILogger log, Exception exception, string handle);

    [LoggerMessage(102, LogLevel.Warning, "Warnings of tokens that expire soon could not be sent; the server will try again")]
    public static partial void NotWarned(ILogger log, Exception exception);
}
