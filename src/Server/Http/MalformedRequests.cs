using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.WebUtilities;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>
/// Answers what is no HTTP/1 request with a problem document. Kestrel refuses it before there is a request, with an empty answer, and tells of it first: then this writes
/// the answer in its place, as the last one of the connection. HTTP/2 has no answer to what it cannot read, and ends the stream or the connection.
/// </summary>
internal static class MalformedRequests
{
    private const string Told = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Connections of this listener can be answered so. After TLS, which must not be answered in clear.</summary>
    /// <param name="listener">Whose connections.</param>
    /// <param name="patience">How long a reader may take nothing of what waits for it.</param>
    public static void UseRefusals(this ListenOptions listener, TimeSpan patience) =>
        listener.Use(next =>
            connection =>
            {
                var output = new LastWord(connection.Transport.Output);
                connection.Transport = new Transport(connection.Transport.Input, output);
                connection.Features.Set(output);
                // Once a second. Kestrel's own minimum rate counts what the system holds for a reader as time that it may take, which is hours.
                connection
                    .Features.Get<IConnectionHeartbeatFeature>()
                    ?.OnHeartbeat(
                        _ =>
                        {
                            if (output.HeldUp > patience)
                            {
                                connection.Abort(new($"The reader took nothing for {patience.TotalSeconds} s."));
                            }
                        },
                        output
                    );
                return next(connection);
            }
        );

    public static void UseRefusals(this WebApplication app) =>
        app.Services.GetRequiredService<DiagnosticListener>().Subscribe(new Observer(), name => name == Told);

    private static void Answer(IFeatureCollection request)
    {
        if (
            request.Get<IHttp2StreamIdFeature>() is not null
            || request.Get<IBadRequestExceptionFeature>()?.Error is not Microsoft.AspNetCore.Http.BadHttpRequestException refused
            || request.Get<IHttpResponseFeature>() is not { HasStarted: false }
            || request.Get<LastWord>() is not { } output
        )
        {
            return;
        }
        var error = ErrorOf(refused.StatusCode);
        var problem = new Problem
        {
            Type = error.Type,
            Title = error.Title,
            Status = error.Status,
            Detail = Excerpt.Of(CleanText.OneLine(refused.Message)),
            Code = error.Code,
            TraceId = ActivityTraceId.CreateRandom().ToHexString(),
        };
        var body =
            request.Get<IHttpRequestFeature>()?.Method == HttpMethods.Head
                ? []
                : JsonSerializer.SerializeToUtf8Bytes(problem, ContractsJson.Default.Problem);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {error.Status} {ReasonPhrases.GetReasonPhrase(error.Status)}\r\nContent-Type: application/problem+json\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        );
        output.Say([.. Encoding.ASCII.GetBytes(head), .. body]);
    }

    private static ErrorCode ErrorOf(int status) =>
        status switch
        {
            StatusCodes.Status405MethodNotAllowed => Errors.MethodNotAllowed,
            StatusCodes.Status408RequestTimeout => Errors.RequestTimeout,
            StatusCodes.Status413PayloadTooLarge => Errors.TooLarge,
            StatusCodes.Status414UriTooLong => Errors.AddressTooLong,
            StatusCodes.Status431RequestHeaderFieldsTooLarge => Errors.HeadersTooLarge,
            StatusCodes.Status505HttpVersionNotsupported => Errors.HttpVersionRefused,
            _ => Errors.InvalidRequest,
        };

    private sealed class Observer : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is IFeatureCollection request)
            {
                Answer(request);
            }
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }

    private sealed class Transport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    /// <summary>Passes on what Kestrel writes, until somebody has had the last word: then nothing more.</summary>
    private sealed class LastWord(PipeWriter output) : PipeWriter
    {
        private byte[]? _unheard;

        // When the flush under way began; 0 for none. There is never more than one.
        private long _flushing;

        /// <summary>How long what was written last has been waiting to be taken.</summary>
        public TimeSpan HeldUp => Volatile.Read(ref _flushing) is var since and not 0 ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

        public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

        public override long UnflushedBytes => _unheard is null ? output.UnflushedBytes : 0;

        /// <summary>Not while an answer before is held up, which this would overtake.</summary>
        public void Say(byte[] answer)
        {
            if (_unheard is not null || Volatile.Read(ref _flushing) != 0)
            {
                return;
            }
            output.Write(answer);
            _unheard = [];
        }

        public override void Advance(int bytes)
        {
            if (_unheard is null)
            {
                output.Advance(bytes);
            }
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _unheard is null ? output.GetMemory(sizeHint) : Unheard(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _unheard is null ? output.GetSpan(sizeHint) : Unheard(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var flush = output.FlushAsync(cancellationToken);
            return flush.IsCompletedSuccessfully ? flush : Await(flush);
        }

        public override void CancelPendingFlush() => output.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => output.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => output.CompleteAsync(exception);

        private async ValueTask<FlushResult> Await(ValueTask<FlushResult> flush)
        {
            Volatile.Write(ref _flushing, Stopwatch.GetTimestamp());
            try
            {
                return await flush.ConfigureAwait(false);
            }
            finally
            {
                Volatile.Write(ref _flushing, 0);
            }
        }

        private byte[] Unheard(int sizeHint) =>
            _unheard!.Length >= Math.Max(1, sizeHint) ? _unheard : _unheard = new byte[Math.Max(1024, sizeHint)];
    }
}
