using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Webhooks;

/// <summary>One message, as received.</summary>
internal sealed record Message(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public string StoryId => Json.GetProperty("data").GetProperty("storyId").GetString()!;

    /// <summary>Compares the signature with one made by the library of the Standard Webhooks project.</summary>
    public void VerifySignature(string secret)
    {
        var sentAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Headers["webhook-timestamp"], CultureInfo.InvariantCulture));
        Headers["webhook-signature"].Should().Be(new StandardWebhook(secret).Sign(Id, sentAt, Text));
        Convert.FromBase64String(secret["whsec_".Length..]).Length.Should().BeInRange(24, 64);
    }

    /// <summary>Whether the library of the Standard Webhooks project accepts this body with these headers now.</summary>
    public bool IsAccepted(string secret, string body)
    {
        var headers = new HeaderDictionary(Headers.ToDictionary(header => header.Key, header => new StringValues(header.Value)));
        try
        {
            new StandardWebhook(secret).Verify(body, headers);
            return true;
        }
        catch (WebhookVerificationException)
        {
            return false;
        }
    }
}

/// <summary>A third-party server that receives webhooks, on a free port of 127.0.0.1.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>How it responds (default: 204).</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => Task.FromResult(context.Response.StatusCode = 204);

    public string Url => _app.Urls.Single() + "/hook?key=receivers-own";

    /// <summary>Number of received messages that the test has not taken yet.</summary>
    public int Count => _messages.Reader.Count;

    /// <param name="certificate">Certificate of the server; null for one without TLS.</param>
    public static async Task<Receiver> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listener => _ = certificate is null ? listener : listener.UseHttps(certificate))
        );
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public void AnswerWith(HttpStatusCode status, params (string Name, string Value)[] headers) =>
        Answer = context =>
        {
            context.Response.StatusCode = (int)status;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }
            return Task.CompletedTask;
        };

    /// <summary>The next message.</summary>
    public async Task<Message> NextAsync()
    {
        Message? message = null;
        await Eventually.TrueAsync(() => _messages.Reader.TryRead(out message));
        return message!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        await _messages.Writer.WriteAsync(new(context.Request.Path, headers, body.ToArray()));
        await Answer(context);
    }
}
