namespace StoriesCli.Server.Features.Shares;

internal static partial class Log
{
    [LoggerMessage(130, LogLevel.Warning, "{Count} openings of a share could not be counted")]
    public static partial void OpeningsNotCounted(ILogger log, int count, Exception exception);
}
