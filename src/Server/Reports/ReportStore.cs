using System.Collections.Immutable;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Reports;

/// <summary>Owns the rows of reports, which end with their story. It knows no story: whoever writes asks first whether the story may be seen.</summary>
internal sealed class ReportStore
{
    private readonly Database _database;
    private readonly Slice<ImmutableDictionary<string, ImmutableDictionary<string, ReportRow>>> _slice;

    public ReportStore(Database database)
    {
        _database = database;
        database.Register(ReportRow.Collection);
        _slice = database.AddSlice(rows => rows.All(ReportRow.Collection).GroupBy(row => row.Story).ToImmutableDictionary(
            g => g.Key, g => g.ToImmutableDictionary(row => row.Id, StringComparer.Ordinal), StringComparer.Ordinal));
    }

    public bool Has(string story) => _slice.Current.ContainsKey(story);

    /// <summary>Inside a change: as <see cref="Has"/>.</summary>
    public bool HasPending(string story) => _slice.Pending.ContainsKey(story);

    /// <summary>The newest first.</summary>
    public IEnumerable<ReportRow> All() => _slice.Current.Values.SelectMany(rows => rows.Values).OrderByDescending(row => row.At).ThenBy(row => row.Id, StringComparer.Ordinal);

    /// <summary>Inside a change: a report takes the place of the same person's before.</summary>
    public void Put(Changes changes, ReportRow report)
    {
        changes.Put(ReportRow.Collection, report);
        var rows = _slice.Pending.GetValueOrDefault(report.Story, ImmutableDictionary.Create<string, ReportRow>(StringComparer.Ordinal));
        _slice.Pending = _slice.Pending.SetItem(report.Story, rows.SetItem(report.Id, report));
    }

    /// <summary>Inside the change that ends a story.</summary>
    public void End(Changes changes, string story)
    {
        foreach (var report in _slice.Pending.GetValueOrDefault(story)?.Values ?? [])
        {
            Delete(changes, report);
        }
    }

    /// <summary>Removes what an account has reported.</summary>
    public Task ForgetAsync(int account) => _database.CommitAsync(changes =>
    {
        foreach (var report in _slice.Pending.Values.SelectMany(rows => rows.Values).Where(row => row.Reporter == account).ToList())
        {
            Delete(changes, report);
        }
        return true;
    });

    private void Delete(Changes changes, ReportRow report)
    {
        changes.Delete(ReportRow.Collection, report.Id);
        var left = _slice.Pending[report.Story].Remove(report.Id);
        _slice.Pending = left.IsEmpty ? _slice.Pending.Remove(report.Story) : _slice.Pending.SetItem(report.Story, left);
    }
}
