namespace StoriesCli.Server.Accounts;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "A token's last use could not be noted")]
    public static partial void LastUseNotNoted(ILogger log, Exception exception);
}
