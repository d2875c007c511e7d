using System.Collections.Concurrent;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Http;

/// <summary>One key of one account: what makes a repeated request recognisable.</summary>
internal readonly record struct IdempotencyKey(int Account, string Key)
{
    public const string Header = "Idempotency-Key";

    public string Id => $"{Account}:{Key}";

    public bool IsOfSameAccount(string id) => id.StartsWith($"{Account}:", StringComparison.Ordinal);

    /// <returns>Null when the request has no key.</returns>
    /// <exception cref="ApiProblem"><c>invalid_request</c> for a key that is not 1–128 visible ASCII characters.</exception>
    public static IdempotencyKey? Of(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }
        if (values.Count > 1)
        {
            throw ApiProblem.Invalid(Header, $"may be given once, was given {values.Count} times");
        }
        var key = values.ToString();
        return key.Length is >= 1 and <= Limits.IdempotencyKeyCharacters && key.All(c => c is > ' ' and <= '~')
            ? new(context.Account().Number, key)
            : throw ApiProblem.Invalid(
                Header,
                $"must be 1 to {Limits.IdempotencyKeyCharacters} visible ASCII characters, has {key.Length}"
            );
    }
}

/// <summary>Remembers for 24 hours what requests with a key did, and lets only one of the same key run at a time.</summary>
internal sealed class IdempotencyStore : IDeletesExpired, IErasesAccounts
{
    private readonly Projection<IdempotencyModel> _projection;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _underWay = new(StringComparer.Ordinal);
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly int _keysMaximum;

    /// <param name="database">Keeps it.</param>
    /// <param name="time">When a key is over.</param>
    /// <param name="keysMaximum">Keys of one account that are remembered at a time.</param>
    public IdempotencyStore(Database database, TimeProvider time, int keysMaximum = Limits.IdempotencyKeys)
    {
        _keysMaximum = keysMaximum;
        _database = database;
        _time = time;
        _projection = database
            .Project(IdempotencyModel.Empty)
            .On(IdempotencyRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row.Id))
            .LoadedBy(rows => IdempotencyModel.Of(rows.All(IdempotencyRow.Collection)));
    }

    /// <summary>Waits until no other request with this key is under way; disposing the answer lets the next one in.</summary>
    public async Task<IDisposable> EnterAsync(IdempotencyKey key, CancellationToken cancel)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_underWay.GetOrAdd(key.Id, mine) is var first && first != mine)
        {
            await first.Task.WaitAsync(cancel).ConfigureAwait(false);
        }
        return new Turn(this, key.Id, mine);
    }

    /// <exception cref="ApiProblem"><c>idempotency_conflict</c>: what the key did was lost to damage, and doing it again could be doing it twice.</exception>
    public IdempotencyRow? Find(IdempotencyKey key)
    {
        if (_projection.Current.ById.TryGetValue(key.Id, out var row) && !IsOver(row))
        {
            return row;
        }
        return _database.Quarantine.LostAt(IdempotencyRow.Collection, key.Id) is { } at && at + Limits.IdempotencyLife > _time.GetUtcNow()
            ? throw new ApiProblem(
                Errors.IdempotencyConflict,
                "what this Idempotency-Key did was lost when the data file was damaged: look whether it was done, then use another key"
            )
            : null;
    }

    /// <summary>Inside a change: the memory is as durable as what the request does.</summary>
    /// <exception cref="ApiProblem"><c>rate_limited</c>: the account's other keys are too many.</exception>
    public void Remember(WriteBatch batch, IdempotencyKey key, string fingerprint, int status, string resource)
    {
        // The request was looked for before the database was opened again, which found that an earlier try of it was saved.
        if (_projection.Pending.ById.TryGetValue(key.Id, out var before) && !IsOver(before))
        {
            throw new ApiProblem(
                Errors.ServerUnavailable,
                "an earlier try of this request was saved meanwhile; ask again with the same key"
            )
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
        if (_projection.Pending.CountOf(key.Account) >= _keysMaximum)
        {
            throw new ApiProblem(
                Errors.RateLimited,
                $"an account may use {_keysMaximum:N0} Idempotency-Keys within {Limits.IdempotencyLife.TotalHours} hours, and yours has used as many"
            )
            {
                RetryAfter = TimeSpan.FromHours(1),
            };
        }
        batch.Put(IdempotencyRow.Collection, new(key.Id, fingerprint, status, resource, _time.GetUtcNow()));
    }

    /// <summary>Remembers what changed no row, when there is a key.</summary>
    public async Task RememberAsync(IdempotentRequest repetition, int status, string resource, CancellationToken cancel)
    {
        if (repetition.Key is not null)
        {
            await _database
                .CommitAsync(
                    batch =>
                    {
                        this.Remember(batch, repetition, status, resource);
                        return true;
                    },
                    cancel
                )
                .ConfigureAwait(false);
        }
    }

    public Task DeleteExpiredAsync(CancellationToken cancel) =>
        _database.ForEachInCommitsAsync(
            _projection.Current.ById.Values.Where(IsOver).Select(row => row.Id).ToList(),
            (batch, id) =>
            {
                // Meanwhile the key may have come again, with another request.
                if (_projection.Pending.ById.TryGetValue(id, out var row) && IsOver(row))
                {
                    batch.Delete(IdempotencyRow.Collection, row);
                }
            },
            cancel
        );

    /// <summary>Forgets what an account asked for, as it leaves.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (var row in _projection.Pending.ById.Values.Where(row => new IdempotencyKey(account, "").IsOfSameAccount(row.Id)))
            {
                batch.Delete(IdempotencyRow.Collection, row);
            }
            return true;
        });

    private bool IsOver(IdempotencyRow row) => row.At + Limits.IdempotencyLife <= _time.GetUtcNow();

    private sealed class Turn(IdempotencyStore store, string id, TaskCompletionSource mine) : IDisposable
    {
        public void Dispose()
        {
            store._underWay.TryRemove(new(id, mine));
            mine.TrySetResult();
        }
    }
}
