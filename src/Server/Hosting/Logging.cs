using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Sinks.File;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>Configures what is logged, and where, from the options.</summary>
internal static class Logging
{
    private static readonly TimeSpan SlowRequest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SinkComplaintPause = TimeSpan.FromHours(1);
    private const long LogFileBytes = 64 << 20;
    private const int LogFilesKept = 14;

    public static void UseStoriesLogging(this WebApplicationBuilder builder, ServerOptions options)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.LogLevel, ignoreCase: true))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // The command itself reports a failed start in one sentence.
            .Filter.ByExcluding(entry => entry.MessageTemplate.Text == "Hosting failed to start")
            .Enrich.FromLogContext()
            .Enrich.With(new HiddenPaths());
        ITextFormatter format = options.LogFormat == "json" ? new RenderedCompactJsonFormatter() : new TextLogFormat();
        configuration.WriteTo.Console(format, standardErrorFromLevel: LogEventLevel.Verbose);
        if (options.LogFile is { } file)
        {
            configuration.WriteTo.File(
                format,
                file,
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: LogFileBytes,
                retainedFileCountLimit: LogFilesKept,
                hooks: new PrivateLogFiles()
            );
        }
        TellOfSinks();
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(configuration.CreateLogger(), dispose: true);
    }

    /// <summary>A log file that can no longer be written would fail silently: reports the sink's errors on standard error, once an hour.</summary>
    private static void TellOfSinks()
    {
        var last = long.MinValue;
        Serilog.Debugging.SelfLog.Enable(complaint =>
        {
            var now = Environment.TickCount64;
            var before = Interlocked.Read(ref last);
            if (
                (before == long.MinValue || now - before > SinkComplaintPause.TotalMilliseconds)
                && Interlocked.CompareExchange(ref last, now, before) == before
            )
            {
                Console.Error.WriteLine($"stories-server: the log file cannot be written: {CleanText.OneLine(complaint.Split('\n')[0])}");
            }
        });
    }

    /// <summary>
    /// Logs only slow requests by default: logging each would nearly double the cost of a request. Never logs the query, which may hold a signed link.
    /// Only the time until the response begins counts: the reader decides how long a stream of events, a download or a backup takes.
    /// </summary>
    public static void UseRequestLog(this WebApplication app, ServerOptions options)
    {
        app.UseSerilogRequestLogging(log =>
        {
            log.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            log.MessageTemplate = "{RequestMethod} {RequestPath} answered {StatusCode} in {Elapsed:0.0} ms";
            log.GetLevel = (context, elapsedMs, exception) =>
                exception is not null ? LogEventLevel.Error
                : options.LogAllRequests
                || (context.Features.Get<AnswerBegan>()?.Elapsed.TotalMilliseconds ?? elapsedMs) > SlowRequest.TotalMilliseconds
                    ? LogEventLevel.Information
                : LogEventLevel.Debug;
        });
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use(
            (context, next) =>
            {
                var start = time.GetTimestamp();
                context.Response.OnStarting(() =>
                {
                    context.Features.Set(new AnswerBegan(time.GetElapsedTime(start)));
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
    }

    /// <param name="Elapsed">Time from the request's headers to the first byte of the response.</param>
    private sealed record AnswerBegan(TimeSpan Elapsed);

    /// <summary>Restricts log files regardless of the umask, because they contain handles and addresses. Done before the first line is written.</summary>
    private sealed class PrivateLogFiles : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, System.Text.Encoding encoding)
        {
            PrivateFile.Restrict(path);
            return underlyingStream;
        }
    }
}
