using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Owns the rows of webhooks, their waiting deliveries and their attempts.</summary>
internal sealed partial class WebhookStore : IErasesAccounts
{
    private readonly Database _database;
    private readonly AccountStore _accounts;
    private readonly AuditStore _audit;
    private readonly IdempotencyStore _idempotency;
    private readonly WebhookSecrets _secrets;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookStore> _log;
    private readonly Projection<WebhookModel> _projection;

    public WebhookStore(
        Database database,
        EventBroadcaster feed,
        AccountStore accounts,
        AuditStore audit,
        IdempotencyStore idempotency,
        WebhookSecrets secrets,
        Ids ids,
        TimeProvider time,
        ILogger<WebhookStore> log
    )
    {
        _database = database;
        _accounts = accounts;
        _audit = audit;
        _idempotency = idempotency;
        _secrets = secrets;
        _ids = ids;
        _time = time;
        _log = log;
        database.Events.InCommit<Announcement>(Queue);
        feed.DuePublished += QueueDue;
        _projection = database
            .Project(WebhookModel.Empty)
            .On(WebhookRow.Collection, (model, row) => model.With(row, secrets.TryOpen), (model, row) => model.Without(row))
            .On(DeliveryRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
            .On(AttemptRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row));
    }

    /// <summary>By id, so oldest first.</summary>
    /// <summary>Those that this server delivers to: all, or none while another server writes.</summary>
    public IEnumerable<WebhookEntry> Mine => _database.Role.IsWriter ? All : [];

    public IEnumerable<WebhookEntry> All => _projection.Current.ById.Values;

    public WebhookEntry? Find(string id) => _projection.Current.ById.GetValueOrDefault(id);

    public int ActiveCount => All.Count(entry => StateOf(entry) == WebhookStates.Active);

    public int WaitingCount => All.Sum(entry => entry.Waiting.Count);

    /// <summary>One of <see cref="WebhookStates"/>. It changes as soon as its maker is disabled, demoted or enabled.</summary>
    public string StateOf(WebhookEntry entry) =>
        entry.Row.Gone ? WebhookStates.Gone
        : entry.Secret is null ? WebhookStates.SecretLost
        : _accounts.Find(entry.Row.Maker) is { Disabled: false } maker && AccountRules.ScopesOf(maker.Role).Contains(Scopes.Admin)
            ? WebhookStates.Active
        : WebhookStates.Suspended;

    /// <summary>Makes a webhook, whose address was already checked.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when there are too many.</exception>
    public Task<WebhookEntry> AddAsync(
        CurrentAccount maker,
        Uri url,
        string[] events,
        IdempotentRequest repetition,
        CancellationToken cancel
    )
    {
        var secret = WebhookSecrets.Make();
        return _database.CommitAsync(
            batch =>
            {
                _accounts.VerifyActive(maker.Number);
                if (_projection.Pending.ById.Count is var count && count >= Limits.Webhooks)
                {
                    throw ApiProblem.Invalid(
                        "url",
                        $"would be one webhook too many: the server has {count}, and the limit is {Limits.Webhooks}"
                    );
                }
                var id = _ids.Next();
                var row = new WebhookRow(id, maker.Number, url.AbsoluteUri, events, _secrets.Seal(secret, id), Now(), DueAt: Now());
                batch.Insert(WebhookRow.Collection, row);
                _audit.Note(batch, maker.Handle, AuditActions.WebhookMade, id, WebhookRules.Origin(row.Url));
                _idempotency.Remember(batch, repetition, StatusCodes.Status201Created, id);
                return _projection.Pending.ById[id];
            },
            cancel
        );
    }

    /// <exception cref="ApiProblem"><c>webhook_not_found</c>.</exception>
    public Task DeleteAsync(CurrentAccount by, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var entry =
                    _projection.Pending.ById.GetValueOrDefault(id)
                    ?? throw new ApiProblem(Errors.WebhookNotFound, $"there is no webhook {Excerpt.Of(id)}");
                _audit.Note(batch, by.Handle, AuditActions.WebhookDeleted, id, WebhookRules.Origin(entry.Row.Url));
                Delete(batch, entry);
                return true;
            },
            cancel
        );

    /// <summary>Deletes the webhooks of an account, and removes its number from the waiting events of others.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (var entry in _projection.Pending.ById.Values.Where(entry => entry.Row.Maker == account))
            {
                Delete(batch, entry);
            }
            foreach (
                var delivery in _projection
                    .Pending.ById.Values.SelectMany(entry => entry.Waiting.Values)
                    .Where(delivery => delivery.Happened.Author == account || delivery.Happened.Person == account)
                    .ToList()
            )
            {
                batch.Put(DeliveryRow.Collection, delivery with { Happened = delivery.Happened.Without(account) });
            }
            return true;
        });

    private static void Delete(WriteBatch batch, WebhookEntry entry)
    {
        Empty(batch, entry);
        foreach (var attempt in entry.Last)
        {
            batch.Delete(AttemptRow.Collection, attempt);
        }
        batch.Delete(WebhookRow.Collection, entry.Row);
    }

    /// <summary>In whole milliseconds, as times are stored and shown, so that a restart changes nothing.</summary>
    private DateTimeOffset Now() => _time.GetWholeMilliseconds();
}
