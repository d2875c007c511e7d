using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Http;

/// <summary>The one place that answers with an error: RFC 9457 for our refusals, the framework's, and whatever nobody foresaw.</summary>
internal sealed class ProblemHandler(RequestDelegate next, DataDirectory directory, RefusalLog episodes, ILogger<ProblemHandler> log)
{
    // Every value in a refusal is an excerpt already. This holds also where somebody forgets it.
    private const int DetailCharacters = 16 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            // Our own refusals are thrown: a status of 400 and more without an answer is the framework's.
            if (context.Response is { HasStarted: false, StatusCode: >= 400 })
            {
                await WriteAsync(context, FromStatus(context)).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsCallersEnd(e, context))
        {
            NoteCallersEnd(context);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, FromException(context, e)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Half an answer is out already. Cutting the connection is the only way to say that it is not whole.
            Log.FailedAfterStart(log, e, TraceId(context));
            context.Abort();
        }
    }

    /// <summary>The caller closed the connection. The code that reads the body then fails in its own way, and nobody reads its answer.</summary>
    private static bool IsCallersEnd(Exception e, HttpContext context) =>
        context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException or ApiProblem;

    /// <summary>Nobody is left to answer: the status is for the log and the metrics, which must not blame the server.</summary>
    private static void NoteCallersEnd(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }

    private ApiProblem FromException(HttpContext context, Exception e)
    {
        switch (e)
        {
            case ApiProblem problem:
                return problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
                return new(
                    Errors.TooLarge,
                    $"the body has {context.Request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? $"{limit + 1} or more"} bytes, and this route takes at most {limit}"
                );
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return new(Errors.RequestTimeout, "the body came too slowly");
            // Kestrel's own exception for a chunk whose size is beyond every number it knows.
            case IOException { InnerException: OverflowException } beyond:
                return new(Errors.InvalidRequest, beyond.Message);
            case BadHttpRequestException bad:
                return new(Errors.InvalidRequest, bad.Message);
            case DatabaseUnavailableException unavailable:
                return new(Errors.ServerUnavailable, unavailable.Message) { RetryAfter = TimeSpan.FromSeconds(1) };
            case BucketUnavailableException away:
                Log.BucketUnavailable(log, away.Message, TraceId(context));
                return new(Errors.ServerUnavailable, "the service that keeps the media did not do what it was asked; try again")
                {
                    RetryAfter = TimeSpan.FromSeconds(2),
                };
            case IOException or ArgumentOutOfRangeException when DiskReserve.IsFullDiskError(e) || FileSizeSignal.IsCauseOf(e):
                directory.Reserve.NoteDiskFull();
                return new(Errors.NoRoom, "the server's disk is full");
            default:
                Log.Unexpected(log, e, TraceId(context));
                return new(Errors.Internal, "something unexpected happened; the server's log has it under this trace id");
        }
    }

    private static ApiProblem FromStatus(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new(Errors.RouteNotFound, $"there is no route {Excerpt.Of(context.Request.Path)}"),
            StatusCodes.Status405MethodNotAllowed => new(
                Errors.MethodNotAllowed,
                $"{Excerpt.Of(context.Request.Path)} takes {context.Response.Headers.Allow}, not {Excerpt.Of(context.Request.Method)}"
            ),
            StatusCodes.Status412PreconditionFailed => new(Errors.PreconditionFailed, PreconditionSeen(context.Request.Headers)),
            StatusCodes.Status413PayloadTooLarge => new(Errors.TooLarge, "the body is too large for this route"),
            StatusCodes.Status415UnsupportedMediaType => new(
                Errors.MediaTypeRefused,
                $"this route does not take {(context.Request.ContentType is { } given ? Excerpt.Of(given) : "a body without a type")}"
            ),
            StatusCodes.Status416RangeNotSatisfiable => new(
                Errors.RangeNotSatisfiable,
                $"the range {Excerpt.Of(context.Request.Headers.Range)} lies outside the file"
            ),
            StatusCodes.Status503ServiceUnavailable => new(Errors.ServerUnavailable, "the server is stopping")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
            >= 500 => new(Errors.Internal, "the server failed"),
            _ => new(Errors.InvalidRequest, "the request was refused"),
        };

    private static string PreconditionSeen(IHeaderDictionary headers) =>
        headers.IfMatch.Count > 0
            ? $"the media have not the ETag {Excerpt.Of(headers.IfMatch.ToString())}"
            : $"the media were posted after {Excerpt.Of(headers.IfUnmodifiedSince.ToString())}";

    private async Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        if (episodes.Note(context, problem) && problem.Error == Errors.MediaDamaged)
        {
            Log.MediaDamaged(log, problem.Message, TraceId(context));
        }
        var error = problem.Error;
        var response = context.Response;
        // The framework's own headers for a refusal (Allow, Content-Range) stay; what described a success does not.
        response.Headers.ContentLength = null;
        response.Headers.CacheControl = "no-store";
        response.Headers.Remove(HeaderNames.ETag);
        response.Headers.Remove(HeaderNames.LastModified);
        response.Headers.Remove(HeaderNames.ContentDisposition);
        response.StatusCode = error.Status;
        response.ContentType = "application/problem+json";
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        if (context.GetEndpoint()?.Metadata.GetMetadata<ErrorPage>() is { } page && ErrorPage.IsFor(context.Request))
        {
            await page.WriteAsync(response, error).ConfigureAwait(false);
            return;
        }
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }
        var document = new Problem
        {
            Type = error.Type,
            Title = error.Title,
            Status = error.Status,
            Detail = problem.Message.Length <= DetailCharacters ? problem.Message : problem.Message[..DetailCharacters] + "…",
            Code = error.Code,
            TraceId = TraceId(context),
            Errors = problem.Fields,
        };
        try
        {
            await JsonSerializer
                .SerializeAsync(response.Body, document, ContractsJson.Default.Problem, context.RequestAborted)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller closed the connection and does not wait for the answer.
            NoteCallersEnd(context);
        }
    }

    private static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
