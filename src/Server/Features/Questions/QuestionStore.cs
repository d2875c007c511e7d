using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Questions;

/// <summary>Owns the rows of questions. One is open at a time, for a day. Stories answer it by its id.</summary>
internal sealed class QuestionStore : IErasesAccounts
{
    private readonly Database _database;
    private readonly IdempotencyStore _idempotency;
    private readonly AccountStore _accounts;
    private readonly AuditStore _audit;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly Projection<ImmutableSortedDictionary<string, QuestionRow>> _projection;

    public QuestionStore(
        Database database,
        IdempotencyStore idempotency,
        AccountStore accounts,
        AuditStore audit,
        Ids ids,
        TimeProvider time
    )
    {
        _database = database;
        _idempotency = idempotency;
        _accounts = accounts;
        _audit = audit;
        _ids = ids;
        _time = time;
        _projection = database
            .Project(ImmutableSortedDictionary.Create<string, QuestionRow>(StringComparer.Ordinal))
            .On(QuestionRow.Collection, (questions, row) => questions.SetItem(row.Id, row), (questions, row) => questions.Remove(row.Id));
    }

    public QuestionRow? Find(string id) => _projection.Current.GetValueOrDefault(id);

    /// <summary>Questions asked since a time.</summary>
    public IEnumerable<QuestionSummary> Since(DateTimeOffset since) =>
        _projection.Current.Values.Where(row => row.At >= since).Select(row => new QuestionSummary(row.Id, row.Asker, row.Text, row.At));

    /// <summary>The open question; null when there is none.</summary>
    public QuestionRow? FindAsked() => FindAsked(_projection.Current);

    private QuestionRow? FindAsked(ImmutableSortedDictionary<string, QuestionRow> questions) =>
        questions.Count > 0 && questions.Values.Last() is var last && last.At + Limits.QuestionLife > _time.GetUtcNow() ? last : null;

    /// <summary>Asks a question. If one is open, this rewords it, and the admin who reworded it becomes its asker.</summary>
    public Task<QuestionRow> PutAsync(CurrentAccount asker, string text, IdempotentRequest repetition, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                _accounts.VerifyActive(asker.Number);
                var question = FindAsked(_projection.Pending) is { } asked
                    ? Reword(batch, asked, asker, text)
                    : new(_ids.Next(), text, asker.Number, _time.GetWholeMilliseconds());
                batch.Put(QuestionRow.Collection, question);
                _idempotency.Remember(batch, repetition, StatusCodes.Status200OK, question.Id);
                return question;
            },
            cancel
        );

    /// <summary>Repeating the same text keeps the previous asker.</summary>
    private QuestionRow Reword(WriteBatch batch, QuestionRow asked, CurrentAccount by, string text)
    {
        if (text == asked.Text)
        {
            return asked;
        }
        _audit.Note(
            batch,
            by.Handle,
            AuditActions.QuestionReworded,
            asked.Id,
            $"in place of {_accounts.GetPerson(asked.Asker).Handle}'s words"
        );
        return asked with { Text = text, Asker = by.Number };
    }

    /// <summary>Deletes an account's questions. Stories that answered them stay.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (var question in _projection.Pending.Values.Where(row => row.Asker == account))
            {
                batch.Delete(QuestionRow.Collection, question);
            }
            return true;
        });
}
