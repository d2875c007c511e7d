using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media.Formats;

namespace StoriesCli.Server.Features.Live;

/// <summary>Events of a live terminal as its viewers are sent them: the same bytes for all.</summary>
internal static class LiveBlocks
{
    public static readonly byte[] SignOfLife = ":\n\n"u8.ToArray();

    public static readonly byte[] End = Of(new() { Type = LiveEventTypes.End });

    public static byte[] Snapshot(LiveScreen screen, long delayMs) =>
        Of(
            new()
            {
                Type = LiveEventTypes.Snapshot,
                Width = screen.Columns,
                Height = screen.Rows,
                DelayMs = delayMs,
                Output = screen.Draw(),
            }
        );

    /// <summary>Output that came together is told together.</summary>
    public static byte[] Events(List<CastEvent> events)
    {
        var blocks = new List<byte[]>();
        var output = new StringBuilder();
        foreach (var happened in events)
        {
            output.Append(happened.Output);
            if (happened.Columns > 0)
            {
                Flush();
                blocks.Add(
                    Of(
                        new()
                        {
                            Type = LiveEventTypes.Resize,
                            Width = Math.Min(happened.Columns, Limits.LiveColumns),
                            Height = Math.Min(happened.Rows, Limits.LiveRows),
                        }
                    )
                );
            }
        }
        Flush();
        return blocks is [var only] ? only : [.. blocks.SelectMany(block => block)];

        void Flush()
        {
            if (output.Length > 0)
            {
                blocks.Add(Of(new() { Type = LiveEventTypes.Output, Output = output.ToString() }));
                output.Clear();
            }
        }
    }

    private static byte[] Of(LiveEvent happened) =>
        [.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(happened, ContractsJson.Default.LiveEvent), .. "\n\n"u8];
}
