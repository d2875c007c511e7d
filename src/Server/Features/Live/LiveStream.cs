using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Live;

/// <summary>Writes a live terminal to one viewer, for as long as the viewer may see it.</summary>
internal sealed class LiveStream(LiveTerminals terminals, TokenStore tokens, ServerOptions options, TimeProvider time)
{
    private const int PieceBytes = 16 * 1024;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task WriteAsync(HttpContext context, CurrentAccount caller, LiveBroadcast broadcast)
    {
        long? place = null;
        var wroteAt = time.GetTimestamp();
        while (true)
        {
            var changed = broadcast.Changed;
            var isOver = broadcast.IsOver;
            // Before each block: nothing is sent to somebody who has lost the right to it, or of a story that has expired.
            if (tokens.FindLive(caller.TokenId) is not { } account || !terminals.IsVisibleTo(account, broadcast.Story.Id))
            {
                return;
            }
            var block = broadcast.Read(ref place);
            if (block is null && !isOver && time.GetElapsedTime(wroteAt) >= Silence)
            {
                block = LiveBlocks.SignOfLife;
            }
            if (block is not null)
            {
                await WriteAsync(context, block).ConfigureAwait(false);
                wroteAt = time.GetTimestamp();
            }
            else if (isOver)
            {
                return;
            }
            else
            {
                await changed.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(HttpContext context, byte[] block)
    {
        // In pieces: otherwise the connection would keep all of a large screen for each viewer.
        for (var written = 0; written < block.Length; )
        {
            var piece = block.AsMemory(written, Math.Min(PieceBytes, block.Length - written));
            written += piece.Length;
            var writing = context.Response.BodyWriter.WriteAsync(piece, CancellationToken.None);
            if (!writing.IsCompletedSuccessfully)
            {
                await WaitForReaderAsync(context, writing.AsTask()).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitForReaderAsync(HttpContext context, Task writing)
    {
        using var heard = new CancellationTokenSource();
        var late = Task.Delay(options.ReaderPatience, time, heard.Token);
        if (await Task.WhenAny(writing, late).ConfigureAwait(false) != writing)
        {
            // The client does not read: only aborting the connection ends this.
            context.Abort();
        }
        await heard.CancelAsync().ConfigureAwait(false);
        await writing.ConfigureAwait(false);
    }
}
