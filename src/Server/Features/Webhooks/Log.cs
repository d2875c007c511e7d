namespace StoriesCli.Server.Features.Webhooks;

internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Warning, "{Count} events could not be queued for a webhook, and are queued again")]
    public static partial void NotQueued(ILogger log, int count, Exception exception);

    [LoggerMessage(701, LogLevel.Warning, "A delivery to webhook {Webhook} could not be attempted or recorded, and will be repeated")]
    public static partial void AttemptFailed(ILogger log, string webhook, Exception exception);

    [LoggerMessage(703, LogLevel.Warning, "{Count} expiries were dropped for webhook {Webhook}, which is too far behind")]
    public static partial void DueDropped(ILogger log, int count, string webhook);

    [LoggerMessage(
        702,
        LogLevel.Warning,
        "The receiver of webhook {Webhook} at {Origin} answered that it is gone, and will get no more events"
    )]
    public static partial void Gone(ILogger log, string webhook, string origin);
}
