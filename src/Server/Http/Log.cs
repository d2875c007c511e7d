namespace StoriesCli.Server.Http;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Unexpected failure, trace {TraceId}")]
    public static partial void Unexpected(ILogger log, Exception exception, string traceId);

    [LoggerMessage(2, LogLevel.Error, "Failed in the middle of an answer, trace {TraceId}")]
    public static partial void FailedAfterStart(ILogger log, Exception exception, string traceId);
}
