using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Circles;

/// <summary>Owns the rows of circles.</summary>
internal sealed class CircleStore : IErasesAccounts
{
    private readonly Database _database;
    private readonly IdempotencyStore _idempotency;
    private readonly Projection<ImmutableDictionary<string, CircleRow>> _projection;

    public CircleStore(Database database, IdempotencyStore idempotency)
    {
        _database = database;
        _idempotency = idempotency;
        _projection = database
            .Project(ImmutableDictionary.Create<string, CircleRow>(StringComparer.Ordinal))
            .On(CircleRow.Collection, (circles, row) => circles.SetItem(row.Id, row), (circles, row) => circles.Remove(row.Id));
    }

    public IReadOnlyList<CircleRow> Of(int owner) =>
        [.. _projection.Current.Values.Where(c => c.Owner == owner).OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>Numbers of a circle's members; null when the account has no such circle.</summary>
    public IReadOnlyList<int>? FindMembers(int owner, string name) =>
        _projection.Current.GetValueOrDefault(CircleRow.IdOf(owner, name))?.Members;

    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    public Task<CircleRow> PutAsync(CircleRow circle, IdempotentRequest repetition, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                if (
                    !_projection.Pending.ContainsKey(circle.Id)
                    && _projection.Pending.Values.Count(c => c.Owner == circle.Owner) is var count
                    && count >= Limits.Circles
                )
                {
                    throw ApiProblem.Invalid("name", $"would be one too many: you have {count} circles, and the limit is {Limits.Circles}");
                }
                batch.Put(CircleRow.Collection, circle);
                _idempotency.Remember(batch, repetition, StatusCodes.Status200OK, circle.Name);
                return circle;
            },
            cancel
        );

    /// <exception cref="ApiProblem"><c>circle_not_found</c>.</exception>
    public Task DeleteAsync(int owner, string name, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var id = CircleRow.IdOf(owner, name);
                if (!_projection.Pending.TryGetValue(id, out var circle))
                {
                    throw new ApiProblem(Errors.CircleNotFound, $"you have no circle \"{Excerpt.Of(name)}\"");
                }
                batch.Delete(CircleRow.Collection, circle);
                return true;
            },
            cancel
        );

    /// <summary>Deletes an account's circles, and removes the account from those of others.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (var circle in _projection.Pending.Values.Where(c => c.Owner == account))
            {
                batch.Delete(CircleRow.Collection, circle);
            }
            foreach (var circle in _projection.Pending.Values.Where(c => c.Members.Contains(account)))
            {
                batch.Put(CircleRow.Collection, circle with { Members = [.. circle.Members.Where(n => n != account)] });
            }
            return true;
        });
}
