using System.Text;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>A reply as stored.</summary>
/// <param name="Id">A ULID, so that a thread lies in the order of replying.</param>
/// <param name="Story">The story's id.</param>
/// <param name="Writer">Number of the account that wrote it.</param>
/// <param name="Text">Cleaned.</param>
/// <param name="At">When.</param>
internal sealed record ReplyRow(string Id, string Story, int Writer, string Text, DateTimeOffset At)
{
    public static readonly Collection<ReplyRow> Collection = new("replies", ToDocument, FromDocument);

    // What a row takes beside its text, so that many short replies are not for nothing.
    private const int RowBytes = 256;

    /// <summary>What it counts against its writer's quota.</summary>
    public int Bytes => BytesOf(Text);

    public static int BytesOf(string text) => Encoding.UTF8.GetByteCount(text) + RowBytes;

    private static RowDocument ToDocument(ReplyRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["story"] = row.Story,
            ["writer"] = row.Writer,
            ["text"] = row.Text,
            ["at"] = row.At,
        };

    private static ReplyRow FromDocument(RowDocument document) =>
        new(document["_id"].Text, document["story"].Text, document["writer"].Int, document["text"].Text, document["at"].Time);
}

/// <summary>A reply as other features know it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Story">Id of the story.</param>
/// <param name="Writer">Number of the account that wrote it.</param>
/// <param name="Text">What it says.</param>
/// <param name="At">When.</param>
internal sealed record ReplySummary(string Id, string Story, int Writer, string Text, DateTimeOffset At);
