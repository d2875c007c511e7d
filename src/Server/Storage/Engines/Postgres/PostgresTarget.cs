using LiteDB;
using Npgsql;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>
/// A database that gets the rows of a stopped server. Until it has all of them it has a mark on which no server starts. All rows come in
/// one transaction, which removes the mark, so a move that is killed leaves none of them.
/// </summary>
internal sealed class PostgresTarget : IDisposable
{
    private const int RowsAtOnce = 500,
        BytesAtOnce = 4 * 1024 * 1024;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresSession _session;

    private PostgresTarget(NpgsqlDataSource source, PostgresSession session) => (_source, _session) = (source, session);

    /// <summary>Takes the lock of the writer. Changes nothing.</summary>
    /// <exception cref="DataDirectoryException">It has the rows of a server, or other tables, or a server runs on it, or it cannot be reached.</exception>
    public static PostgresTarget Open(PostgresAddress address)
    {
        var (source, session) = address.OpenForMove(allowsHalfAMove: true, session => VerifyFree(session, address.Text));
        return new(source, session);
    }

    /// <summary>Marks the database. From now on no server starts on it, until <see cref="Fill"/> is done.</summary>
    /// <param name="command">How the host names the command to repeat: <c>stories-server migrate</c>.</param>
    public void Begin(string command) =>
        _session.Named(() =>
        {
            _session.MarkMove(command);
            return true;
        });

    /// <summary>Removes the mark again, if the database still answers: nothing has come.</summary>
    public void GiveUp()
    {
        try
        {
            _session.RemoveMoveMark();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The host is told why it failed before. The mark stays, and the command can be repeated.
        }
    }

    /// <summary>Writes all rows of a data directory and its keys, compares the rows, and removes the mark: all of it, or nothing.</summary>
    /// <param name="directory">The directory, which no database has open.</param>
    /// <param name="keys">Names of the keys.</param>
    /// <exception cref="DataDirectoryException">The database cannot be reached, or refuses something.</exception>
    /// <exception cref="IOException">The rows did not arrive as they are. Nothing was kept.</exception>
    public IReadOnlyList<RowSum> Fill(DataDirectory directory, IReadOnlyCollection<string> keys) =>
        _session.Named(() =>
        {
            using var transaction = _session.Connection.BeginTransaction();
            _session.DropTables();
            var sums = new List<RowSum>();
            RowFiles.Read(directory, (collection, rows) => sums.Add(RowSum.Of(collection, Put(collection, rows))));
            foreach (var name in keys.Where(name => File.Exists(directory.File(name))))
                _session.PutKey(name, KeyFile.Read(directory.File(name)));
            RowSum.Verify(
                sums,
                _session.Tables.Select(name => RowSum.Of(name, PostgresReader.Rows(_session.Connection, name))).ToList(),
                _session.Place
            );
            _session.RemoveMoveMark();
            transaction.Commit();
            return sums;
        });

    public void Dispose()
    {
        _session.Dispose();
        _source.Dispose();
    }

    /// <summary>
    /// A database that was filled and on which no server has begun to write may be filled anew: a command that was killed just before its end
    /// is repeated.
    /// </summary>
    private static void VerifyFree(PostgresSession session, string place)
    {
        if (session.FindWriter() is { } writer)
            throw new DataDirectoryException(
                $"The database {place} has the rows of a server ({writer.Name} wrote there last). Name an empty one."
            );
        if (session.Tables.Count > 0 && !session.Tables.Contains(Migrations.SchemaCollection))
            throw new DataDirectoryException(
                $"The database {place} is not empty: it has a table \"{session.Tables.Order(StringComparer.Ordinal).First()}\". Name an empty one."
            );
    }

    private IEnumerable<(string Id, byte[] Document)> Put(string collection, IEnumerable<BsonDocument> rows)
    {
        _session.MakeTables([collection]);
        var waiting = new List<(string Id, byte[] Document)>(RowsAtOnce);
        var bytes = 0;
        foreach (var row in rows)
        {
            waiting.Add((row["_id"].AsString, BsonSerializer.Serialize(row)));
            bytes += waiting[^1].Document.Length;
            yield return waiting[^1];
            if (waiting.Count < RowsAtOnce && bytes < BytesAtOnce)
                continue;
            _session.PutRows(collection, waiting);
            waiting.Clear();
            bytes = 0;
        }
        if (waiting.Count > 0)
            _session.PutRows(collection, waiting);
    }
}
