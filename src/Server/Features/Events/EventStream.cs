using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.Features.Events;

/// <summary>Writes one listener's events, each as this listener may see it at the time of writing.</summary>
internal sealed class EventStream(EventBroadcaster feed, EventView view, ServerOptions options, TimeProvider time)
{
    // Flush after this many, so that a long absence is not rendered in one piece.
    private const int WrittenAtOnce = 64;
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(1);

    public async Task WriteAsync(HttpContext context, EventListener listener)
    {
        using var gone = context.RequestAborted.UnsafeRegister(static state => ((EventListener)state!).End(), listener);
        var body = context.Response.BodyWriter;
        Write(body, $"retry: {ComeBackAfter.TotalMilliseconds}\n");
        if (listener.Missed is null)
        {
            WriteEvent(body, feed.PlaceAfter(listener.JoinedAt), new() { Type = EventTypes.Reset, At = time.GetUtcNow() });
        }
        foreach (var batch in listener.Missed?.Chunk(WrittenAtOnce) ?? [])
        {
            await WriteAsync(context, listener, batch).ConfigureAwait(false);
        }
        while (await listener.Waiting.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false) && !listener.Over.IsCompleted)
        {
            await WriteAsync(context, listener, TakeWaiting(listener)).ConfigureAwait(false);
        }
    }

    private static IEnumerable<HistoryItem> TakeWaiting(EventListener listener)
    {
        for (var taken = 0; taken < WrittenAtOnce && listener.Waiting.TryRead(out var item); taken++)
        {
            yield return item;
        }
    }

    private async Task WriteAsync(HttpContext context, EventListener listener, IEnumerable<HistoryItem> items)
    {
        foreach (var item in items.TakeWhile(_ => !listener.Over.IsCompleted))
        {
            Write(context.Response.BodyWriter, listener, item);
        }
        var flush = context.Response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
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
        if (item.Announcement is not { } happened)
        {
            // A comment with the place to resume from: a listener that received nothing for an hour missed nothing.
            Write(body, $":\nid: {feed.PlaceAfter(item.Number)}\n\n");
            return;
        }
        if (view.Find(happened, listener.Account, listener.MayRead) is { } shown)
        {
            WriteEvent(body, feed.IdOf(item.Number), shown);
        }
    }

    private static void WriteEvent(PipeWriter body, string id, StoryEvent happened)
    {
        Write(body, $"id: {id}\ndata: ");
        body.Write(JsonSerializer.SerializeToUtf8Bytes(happened, ContractsJson.Default.StoryEvent));
        Write(body, "\n\n");
    }

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
