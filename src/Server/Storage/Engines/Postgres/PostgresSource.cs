using LiteDB;
using Npgsql;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>Rows in PostgreSQL that are moved away. They are only read, and while this is open no server can write them.</summary>
internal sealed class PostgresSource : IDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly PostgresSession _session;

    private PostgresSource(NpgsqlDataSource source, PostgresSession session) => (_source, _session) = (source, session);

    /// <exception cref="DataDirectoryException">A server runs on it, or it has no rows of a server, or it cannot be reached.</exception>
    public static PostgresSource Open(PostgresAddress address)
    {
        var (source, session) = address.OpenForMove(
            allowsHalfAMove: false,
            session =>
            {
                if (Migrations.Released.FindReadable(session) == 0)
                    throw new DataDirectoryException($"The database {address.Text} has no rows of a server. Name the one that it used.");
            }
        );
        return new(source, session);
    }

    /// <summary>Makes a data file of the rows, and a file of each key, and compares the file with the rows.</summary>
    /// <param name="directory">Where the files are made. Those that are there are replaced.</param>
    /// <param name="keys">Names of the keys.</param>
    /// <exception cref="DataDirectoryException">A row is damaged, or the database cannot be reached.</exception>
    /// <exception cref="IOException">The file could not be written as it should.</exception>
    public IReadOnlyList<RowSum> CopyInto(DataDirectory directory, IReadOnlyCollection<string> keys) =>
        _session.Named(() =>
        {
            var sums = new List<RowSum>();
            RowFiles.Write(directory, _session.Tables.Order(StringComparer.Ordinal).SelectMany(collection => Rows(collection, sums)));
            RowSum.Verify(sums, RowFiles.SumNew(directory), $"'{directory.DatabaseFile}'");
            foreach (var name in keys)
            {
                if (_session.FindKey(name) is { } key)
                    KeyFile.Write(directory.File(name), key);
                else
                    File.Delete(directory.File(name));
            }
            return sums;
        });

    /// <summary>Proves that no server can have written since the rows were read.</summary>
    /// <exception cref="DataDirectoryException">The connection was lost meanwhile.</exception>
    public void VerifyHeld() =>
        _session.Named(() =>
        {
            _session.SayThatItLives();
            return true;
        });

    public void Dispose()
    {
        _session.Dispose();
        _source.Dispose();
    }

    private List<(string Collection, BsonDocument Document)> Rows(string collection, List<RowSum> sums)
    {
        var rows = PostgresReader
            .Rows(_session.Connection, collection)
            .Select(row => (row.Id, Document: Read(collection, row.Id, row.Document)))
            .ToList();
        sums.Add(RowSum.Of(collection, rows.Select(row => (row.Id, BsonSerializer.Serialize(row.Document)))));
        return [.. rows.Select(row => (collection, row.Document))];
    }

    private BsonDocument Read(string collection, string id, byte[] bytes)
    {
        try
        {
            var document = PostgresReader.Read(bytes);
            if (document["_id"] is { IsString: true } own && own.AsString == id)
                return document;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Bytes that are no document fail in many ways.
        }
        throw new DataDirectoryException(
            $"{_session.Place} is damaged: the row \"{id}\" of {collection} is none that a server wrote. Restore a backup of the database."
        );
    }
}
