using System.Collections.Immutable;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Reports;

/// <summary>Owns the rows of reports, which end with their story. It does not know stories: callers must check whether the account may see the story.</summary>
internal sealed class ReportStore : IErasesAccounts
{
    private readonly Database _database;
    private readonly Projection<ImmutableDictionary<string, ImmutableDictionary<string, ReportRow>>> _projection;

    public ReportStore(Database database)
    {
        _database = database;
        _projection = database
            .Project(ImmutableDictionary.Create<string, ImmutableDictionary<string, ReportRow>>(StringComparer.Ordinal))
            .On(ReportRow.Collection, (reports, row) => reports.SetItem(row.Story, Of(reports, row.Story).SetItem(row.Id, row)), Without);
        database.Events.InCommit<StoryEnded>((batch, ended) => End(batch, ended.Story));
    }

    public bool Has(string story) => _projection.Current.ContainsKey(story);

    /// <summary>Inside a change: as <see cref="Has"/>.</summary>
    public bool HasPending(string story) => _projection.Pending.ContainsKey(story);

    /// <summary>Newest first.</summary>
    public IEnumerable<ReportRow> All() =>
        _projection
            .Current.Values.SelectMany(rows => rows.Values)
            .OrderByDescending(row => row.At)
            .ThenBy(row => row.Id, StringComparer.Ordinal);

    private void End(WriteBatch batch, string story)
    {
        foreach (var report in Of(_projection.Pending, story).Values)
        {
            batch.Delete(ReportRow.Collection, report);
        }
    }

    /// <summary>Deletes an account's reports.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (
                var report in _projection.Pending.Values.SelectMany(rows => rows.Values).Where(row => row.Reporter == account).ToList()
            )
            {
                batch.Delete(ReportRow.Collection, report);
            }
            return true;
        });

    private static ImmutableDictionary<string, ReportRow> Of(
        ImmutableDictionary<string, ImmutableDictionary<string, ReportRow>> reports,
        string story
    ) => reports.GetValueOrDefault(story, ImmutableDictionary.Create<string, ReportRow>(StringComparer.Ordinal));

    private static ImmutableDictionary<string, ImmutableDictionary<string, ReportRow>> Without(
        ImmutableDictionary<string, ImmutableDictionary<string, ReportRow>> reports,
        ReportRow row
    ) => Of(reports, row.Story).Remove(row.Id) is { IsEmpty: false } left ? reports.SetItem(row.Story, left) : reports.Remove(row.Story);
}
