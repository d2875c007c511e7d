using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Questions;

/// <summary>A stored question of the day.</summary>
/// <param name="Id">A ULID, in the order of the questions.</param>
/// <param name="Text">The text, on one line.</param>
/// <param name="Asker">Number of the admin who wrote the present text.</param>
/// <param name="At">When it was first asked. Rewording does not change it.</param>
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

/// <summary>A question, as other features see it.</summary>
/// <param name="Id">Id of the question.</param>
/// <param name="Asker">Number of the account that asked.</param>
/// <param name="Text">The text.</param>
/// <param name="At">When it was asked.</param>
internal sealed record QuestionSummary(string Id, int Asker, string Text, DateTimeOffset At);
