using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.Features.Events;

/// <summary>Writes one listener's events, each as this listener may see it at the time of writing.</summary>
internal sealed class EventStream(RenderedEvents events, EventIds ids, ServerOptions options, TimeProvider time)
{
    // Flush after this many, so that a long absence is not rendered in one piece.
    private const int WrittenAtOnce = 64;
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(1);

    public async Task WriteAsync(HttpContext context, EventListener listener)
    {
        using var gone = context.RequestAborted.UnsafeRegister(static state => ((EventListener)state!).End(), listener);
        var body = context.Response.BodyWriter;
        try
        {
            Write(body, $"retry: {ComeBackAfter.TotalMilliseconds}\n");
            if (listener.Missed is null)
            {
                body.Write(RenderedEvents.Block(ids.Of(listener.Joined), new() { Type = EventTypes.Reset, At = time.GetUtcNow() }));
            }
            foreach (var missed in listener.Missed?.Chunk(WrittenAtOnce) ?? [])
            {
                await WriteAsync(context, listener, missed).ConfigureAwait(false);
            }
            while (await listener.WaitAsync().ConfigureAwait(false))
            {
                while (listener.TryTake(out var items))
                {
                    await WriteAsync(context, listener, items).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            // Here may be the sender's thread, which has other listeners. The connection goes on with its next request elsewhere.
            await Task.Yield();
        }
    }

    private async ValueTask WriteAsync(HttpContext context, EventListener listener, HistoryItem[] items)
    {
        var body = context.Response.BodyWriter;
        foreach (var item in items)
        {
            if (listener.Over.IsCompleted)
            {
                break;
            }
            Write(body, listener, item);
        }
        var flushed = body.FlushAsync(CancellationToken.None);
        if (flushed.IsCompletedSuccessfully)
        {
            return;
        }
        var flush = flushed.AsTask();
        if (!flush.IsCompleted)
        {
            using var heard = new CancellationTokenSource();
            var late = Task.Delay(options.ReaderPatience, time, heard.Token);
            if (await Task.WhenAny(flush, listener.Over, late).ConfigureAwait(false) != flush)
            {
                // The client does not read: only aborting the connection ends this.
                context.Abort();
            }
            await heard.CancelAsync().ConfigureAwait(false);
        }
        await flush.ConfigureAwait(false);
    }

    private void Write(PipeWriter body, EventListener listener, HistoryItem item)
    {
        if (item.Announcement is null)
        {
            // A comment with the place to resume from: a listener that received nothing for an hour missed nothing.
            Write(body, $":\nid: {ids.Of(item)}\n\n");
        }
        else
        {
            body.Write(events.Render(item, listener));
        }
    }

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
