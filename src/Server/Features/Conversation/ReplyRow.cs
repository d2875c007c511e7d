using System.Text;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>A reply as stored.</summary>
/// <param name="Id">A ULID, so that the rows of a thread are in the order of the replies.</param>
/// <param name="Story">Id of the story.</param>
/// <param name="Writer">Number of the account that wrote it.</param>
/// <param name="Text">The text, cleaned.</param>
/// <param name="At">When it was written.</param>
internal sealed record ReplyRow(string Id, string Story, int Writer, string Text, DateTimeOffset At)
{
    public static readonly Collection<ReplyRow> Collection = new("replies", ToDocument, FromDocument);

    // Overhead of a row, so that many short replies count too.
    private const int RowBytes = 256;

    /// <summary>Bytes that count against the quota of the account that wrote it.</summary>
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

/// <summary>A reply, as other features see it.</summary>
/// <param name="Id">Id of the reply.</param>
/// <param name="Story">Id of the story.</param>
/// <param name="Writer">Number of the account that wrote it.</param>
/// <param name="Text">The text.</param>
/// <param name="At">When it was written.</param>
internal sealed record ReplySummary(string Id, string Story, int Writer, string Text, DateTimeOffset At);
