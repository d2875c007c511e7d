namespace StoriesCli.Server.Http;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Unexpected failure, trace {TraceId}")]
    public static partial void Unexpected(ILogger log, Exception exception, string traceId);

    [LoggerMessage(3, LogLevel.Warning, "Refusing {Who} with {Code}: {Detail}. More of the same are counted, not logged")]
    public static partial void RefusalsBegan(ILogger log, string code, string who, string detail);

    [LoggerMessage(4, LogLevel.Warning, "No longer refusing {Who} with {Code}: {Count} {Noun} in {Time}")]
    public static partial void RefusalsOver(ILogger log, string code, string who, long count, string noun, string time);

    [LoggerMessage(2, LogLevel.Error, "Failed in the middle of an answer, trace {TraceId}")]
    public static partial void FailedAfterStart(ILogger log, Exception exception, string traceId);

    [LoggerMessage(5, LogLevel.Error, "Refused a damaged file, trace {TraceId}: {Detail}")]
    public static partial void MediaDamaged(ILogger log, string detail, string traceId);

    [LoggerMessage(7, LogLevel.Error, "{Reason}, trace {TraceId}")]
    public static partial void BucketUnavailable(ILogger log, string reason, string traceId);

    /// <summary>A filter of fail2ban reads this line: docs/examples/fail2ban.</summary>
    [LoggerMessage(6, LogLevel.Warning, "Failed sign-in from {Address}: {Code}")]
    public static partial void AttemptFailed(ILogger log, string address, string code);
}
