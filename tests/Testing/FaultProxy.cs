using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace StoriesCli.Testing;

/// <summary>What a proxy does to a request.</summary>
public enum Fault
{
    /// <summary>Passes it on.</summary>
    None,

    /// <summary>Answers 503 SlowDown, and passes nothing on.</summary>
    SlowDown,

    /// <summary>Takes a part of the body, and cuts the connection.</summary>
    CutUpload,

    /// <summary>Passes it on, and cuts the connection in the middle of the answer.</summary>
    CutAnswer,

    /// <summary>Passes it on, and cuts the connection before the first byte of the answer's body.</summary>
    CutBody,

    /// <summary>Answers that it is deleted, and passes nothing on.</summary>
    LieAboutDelete,

    /// <summary>Passes it on, and changes a byte of the answer.</summary>
    WrongBytes,

    /// <summary>Never answers.</summary>
    Hang,

    /// <summary>Passes it on, and sends nothing more in the middle of the answer.</summary>
    HangInAnswer,

    /// <summary>Passes it on after a while.</summary>
    Slow,
}

/// <summary>A proxy in front of an HTTP service that does to each request what a test decides.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly string[] OfTheConnection = ["Connection", "Transfer-Encoding", "Keep-Alive", "Expect"];
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(300);

    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Uri _service;
    private int _requests;

    private FaultProxy(Uri service, X509Certificate2? certificate)
    {
        _service = service;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(options =>
            {
                options.Limits.MaxRequestBodySize = null;
                options.Listen(
                    IPAddress.Loopback,
                    0,
                    listen =>
                    {
                        if (certificate is not null)
                        {
                            listen.UseHttps(certificate);
                        }
                    }
                );
            });
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    /// <summary>Called with method and path of each request.</summary>
    public Func<string, string, Fault> Decide { get; set; } = (_, _) => Fault.None;

    /// <summary>Number of requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public Uri Url => new(_app.Urls.First());

    /// <param name="service">The service behind it.</param>
    /// <param name="certificate">With which it uses TLS; null for none.</param>
    public static async Task<FaultProxy> StartAsync(Uri service, X509Certificate2? certificate = null)
    {
        var proxy = new FaultProxy(service, certificate);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var fault = Decide(context.Request.Method, context.Request.Path);
        switch (fault)
        {
            case Fault.SlowDown:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.ContentType = "application/xml";
                await context.Response.WriteAsync(
                    "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
                );
                return;
            case Fault.CutUpload:
                await context.Request.Body.ReadAtLeastAsync(new byte[16 * 1024], 16 * 1024, throwOnEndOfStream: false);
                context.Abort();
                return;
            case Fault.LieAboutDelete:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            case Fault.Hang:
                await ForEverAsync(context);
                return;
            case Fault.Slow:
                await Task.Delay(Slowness, context.RequestAborted);
                break;
        }
        using var request = Copy(context.Request);
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        await SendAsync(context, answer, fault);
    }

    private static async Task ForEverAsync(HttpContext context) =>
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private HttpRequestMessage Copy(HttpRequest from)
    {
        // The path as it was signed.
        var target = from.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var request = new HttpRequestMessage(new(from.Method), new Uri(_service, target));
        if (from.ContentLength is not null || from.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(from.Body);
            request.Content.Headers.ContentLength = from.ContentLength;
        }
        foreach (
            var (name, values) in from.Headers.Where(header => header.Key != "Content-Length" && !OfTheConnection.Contains(header.Key))
        )
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }
        return request;
    }

    private static async Task SendAsync(HttpContext context, HttpResponseMessage answer, Fault fault)
    {
        if (fault == Fault.CutAnswer && answer.Content.Headers.ContentLength == 0)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }
        if (HttpMethods.IsHead(context.Request.Method) || answer.StatusCode == HttpStatusCode.NoContent)
        {
            return;
        }
        if (fault == Fault.CutBody)
        {
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }
        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[64 * 1024];
        for (int read, sent = 0; (read = await body.ReadAsync(buffer, context.RequestAborted)) > 0; sent += read)
        {
            if (fault == Fault.WrongBytes && sent == 0)
            {
                buffer[read / 2] ^= 1;
            }
            if (fault is Fault.CutAnswer or Fault.HangInAnswer)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read / 2));
                await context.Response.Body.FlushAsync();
                if (fault == Fault.HangInAnswer)
                {
                    await ForEverAsync(context);
                }
                context.Abort();
                return;
            }
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
