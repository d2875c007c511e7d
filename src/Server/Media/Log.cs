namespace StoriesCli.Server.Media;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Warning, "A picture of type {Type} was taken without its decoder's word: {Reason}")]
    public static partial void NotConfirmed(ILogger log, string type, string reason);
}
