using System.Globalization;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>What was damaged lately, for whoever asks whether the server is ready: it is, and yet the host should look. It names no row, for anybody may ask.</summary>
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

    /// <summary>How many rows were lost within the time for which damage is told.</summary>
    public static int LostRows(Database database) => Lately(database).Count();

    /// <summary>Their names, each its collection, a slash and its id.</summary>
    public static IEnumerable<string> Lately(Database database) =>
        database.Quarantine.Rows.Where(row => row.Value + KeptDamage.Life > TimeProvider.System.GetUtcNow()).Select(row => row.Key);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
