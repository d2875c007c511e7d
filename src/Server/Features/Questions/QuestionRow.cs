using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Questions;

/// <summary>A question to everybody, as stored.</summary>
/// <param name="Id">A ULID, in the order of asking.</param>
/// <param name="Text">On one line.</param>
/// <param name="Asker">Number of the admin who wrote the words that stand.</param>
/// <param name="At">When it was put, in whatever words.</param>
internal sealed record QuestionRow(string Id, string Text, int Asker, DateTimeOffset At)
{
    public static readonly Collection<QuestionRow> Collection = new("questions", ToDocument, FromDocument);

    private static RowDocument ToDocument(QuestionRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["text"] = row.Text,
            ["asker"] = row.Asker,
            ["at"] = row.At,
        };

    private static QuestionRow FromDocument(RowDocument document) =>
        new(document["_id"].Text, document["text"].Text, document["asker"].Int, document["at"].Time);
}

/// <summary>A question as other features know it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Asker">Number of the account that asked.</param>
/// <param name="Text">What it asks.</param>
/// <param name="At">When.</param>
internal sealed record QuestionSummary(string Id, int Asker, string Text, DateTimeOffset At);
