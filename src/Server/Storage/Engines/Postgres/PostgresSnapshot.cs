using System.Data;
using LiteDB;
using Npgsql;
using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>The rows of one moment, in a transaction that sees nothing later. For an archive they are written into a data file of LiteDB.</summary>
internal sealed class PostgresSnapshot : IRowSnapshot
{
    private readonly NpgsqlConnection _connection;
    private readonly DataDirectory _directory;
    private readonly string _path;

    private PostgresSnapshot(NpgsqlConnection connection, DataDirectory directory)
    {
        (_connection, _directory) = (connection, directory);
        _path = Path.Combine(directory.TemporaryPath, $"{Guid.NewGuid():N}.db");
    }

    public static PostgresSnapshot Take(NpgsqlDataSource source, DataDirectory directory)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = source.OpenConnection();
            connection.BeginTransaction(IsolationLevel.RepeatableRead);
            // The first statement fixes what the transaction sees.
            using var first = connection.Command("select 1");
            first.ExecuteNonQuery();
            return new(connection, directory);
        }
        catch (NpgsqlException e)
        {
            connection?.Dispose();
            throw Failed(e);
        }
    }

    public async Task PrepareAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Run(() => RowEngine.WriteNew(_path, Stoppable(Rows(), cancel)), cancel).ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            throw Failed(e);
        }
    }

    public FileStream OpenDataFile() => Open(_path, FileMode.Open);

    // All rows are in the data file.
    public Task<FileStream> CopyLogAsync(CancellationToken cancel) =>
        Task.FromResult(Open(Path.Combine(_directory.TemporaryPath, Guid.NewGuid().ToString("N")), FileMode.CreateNew));

    public void Dispose()
    {
        _connection.Dispose();
        File.Delete(_path);
        File.Delete(Path.ChangeExtension(_path, null) + "-log.db");
    }

    private IEnumerable<(string Collection, BsonDocument Document)> Rows()
    {
        var tables = new HashSet<string>(StringComparer.Ordinal);
        using (var names = _connection.Command("select tablename from pg_tables where schemaname = current_schema()"))
        using (var reader = names.ExecuteReader())
            while (reader.Read())
                if (!Sql.OwnTables.Contains(reader.GetString(0)))
                    tables.Add(reader.GetString(0));
        foreach (var table in tables)
        foreach (var document in PostgresReader.Documents(_connection, tables, table))
            yield return (table, PostgresReader.Read(document));
    }

    private static IEnumerable<T> Stoppable<T>(IEnumerable<T> rows, CancellationToken cancel)
    {
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private static FileStream Open(string path, FileMode mode) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            }
        );

    private static DatabaseUnavailableException Failed(NpgsqlException e) =>
        new(UnavailableReason.NotReady, "The rows could not be read for a backup. Try again in a moment.", e);
}
