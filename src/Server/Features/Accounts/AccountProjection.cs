using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Accounts, tokens, invites and access links in memory, for the classes of this feature.</summary>
internal sealed class AccountProjection(Database database)
{
    private readonly Projection<AccountModel> _projection = database
        .Project(AccountModel.Empty)
        .On(
            AccountRow.Collection,
            (model, row) => model.With(row),
            (_, row) => throw new NotSupportedException($"{row.Handle} stays taken: a row of an account is never deleted")
        )
        .On(TokenRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
        .On(InviteRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
        .On(AccessRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
        .CompletedBy((model, rows) => model.WithLost([.. new Quarantine(rows.All(QuarantineRow.Collection)).IdsOf(AccountRow.Collection)]));

    /// <inheritdoc cref="Projection{TModel}.Current"/>
    public AccountModel Current => _projection.Current;

    /// <inheritdoc cref="Projection{TModel}.Pending"/>
    public AccountModel Pending => _projection.Pending;
}
