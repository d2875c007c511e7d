using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Sinks.File;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>What is logged, and where to, by the options.</summary>
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
            // A start that fails is told in one sentence by the command itself.
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

    /// <summary>A log file that can no longer be written would be silent: what its sink complains of is told on standard error, once an hour.</summary>
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
    /// Slow requests by default: logging each one would nearly double what a request costs. Never the query, which may hold a signed link.
    /// A request is slow by the time until its answer begins: how long a stream of events, a download or a backup goes on is its reader's choice.
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

    /// <param name="Elapsed">From the request's head to the first byte of its answer.</param>
    private sealed record AnswerBegan(TimeSpan Elapsed);

    /// <summary>The umask decides nothing: handles and addresses are nobody else's business. Before the first line is written, so that nothing was there to read.</summary>
    private sealed class PrivateLogFiles : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, System.Text.Encoding encoding)
        {
            PrivateFile.Restrict(path);
            return underlyingStream;
        }
    }
}
