using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>
/// Renders events for streams: once for all listeners to which an event looks the same, as long as nothing has changed. Each listener's right to
/// see the story is checked anew.
/// </summary>
internal sealed class RenderedEvents(EventView view, EventIds ids, Database database)
{
    // Many more than one round of the sender needs, and together at most some megabytes.
    private const int Kept = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<(long Number, ListenerClass Class), byte[]> _blocks = [];
    private Snapshot? _moment;

    /// <returns>The event's block in a stream, as this listener may see it now; empty when nothing is left that it may see.</returns>
    public byte[] Render(HistoryItem item, EventListener listener)
    {
        var (number, happened) = (item.Number, item.Announcement!);
        var moment = database.Published;
        if (view.Find(happened, listener.Account, listener.MayRead) is not { } found)
        {
            return [];
        }
        lock (_gate)
        {
            // The class, too, must be of this moment: so a commit meanwhile makes the block useless.
            if (_moment == moment && _blocks.TryGetValue((number, found.Class), out var known) && database.Published == moment)
            {
                return known;
            }
        }
        var block = view.Show(found) is { } shown ? Block(ids.Of(item), shown) : [];
        lock (_gate)
        {
            if (database.Published == moment)
            {
                if (_moment != moment || _blocks.Count >= Kept)
                {
                    Clear();
                    _moment = moment;
                }
                _blocks[(number, found.Class)] = block;
            }
        }
        return block;
    }

    /// <summary>Forgets what was rendered.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _blocks.Clear();
            _moment = null;
        }
    }

    /// <summary>One event of a stream, with its id.</summary>
    public static byte[] Block(string id, StoryEvent happened) =>
        [
            .. Encoding.UTF8.GetBytes($"id: {id}\ndata: "),
            .. JsonSerializer.SerializeToUtf8Bytes(happened, ContractsJson.Default.StoryEvent),
            .. "\n\n"u8,
        ];
}
