using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Stories, views and tombstones in memory, for the classes of this feature.</summary>
internal sealed class StoryProjection(Database database)
{
    private readonly Projection<StoryModel> _projection = database
        .Project(StoryModel.Empty)
        .On(StoryRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
        .On(ViewRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
        .On(TombstoneRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
        .LoadedBy(rows => StoryModel.Of(rows.All(StoryRow.Collection), rows.All(ViewRow.Collection), rows.All(TombstoneRow.Collection)));

    /// <inheritdoc cref="Projection{TModel}.Current"/>
    public StoryModel Current => _projection.Current;

    /// <inheritdoc cref="Projection{TModel}.Pending"/>
    public StoryModel Pending => _projection.Pending;
}
