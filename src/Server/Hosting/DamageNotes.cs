using System.Globalization;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>Recent damage, reported with the readiness of the server: it is ready, but the host should look. Names no row, because anybody may ask.</summary>
internal static class DamageNotes
{
    public static IEnumerable<string> Of(Database database, DataDirectory directory)
    {
        if (database.LostLogPages > 0)
        {
            yield return Line(
                $"damage: pages of the database's log are lost that may hold acknowledged changes, {database.LostLogPages:N0} in all; see the log of the server"
            );
        }
        if (LostRows(database) is > 0 and var lost)
        {
            yield return Line($"damage: rows are lost, {lost:N0} in all; stories-server purge --dry-run names them");
        }
        foreach (var kept in KeptDamage.Find(directory))
        {
            yield return Line(
                $"damage: {Path.GetFileName(kept.Path)} is a copy of a damaged file, which the server deletes on {kept.EndsAt.UtcDateTime:yyyy-MM-dd}"
            );
        }
    }

    /// <summary>Number of rows lost in the period for which damage is reported.</summary>
    public static int LostRows(Database database) => Lately(database).Count();

    /// <summary>Names of these rows: collection, slash and id.</summary>
    public static IEnumerable<string> Lately(Database database) =>
        database.Quarantine.Rows.Where(row => row.Value + KeptDamage.Life > TimeProvider.System.GetUtcNow()).Select(row => row.Key);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
