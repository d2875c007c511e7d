using System.Runtime.InteropServices;
using System.Text;

namespace StoriesCli.Bench.Peer;

/// <summary>Debian's SQLite with the settings that lose nothing: WAL and synchronous=FULL.</summary>
internal sealed partial class Sqlite : IDisposable
{
    private const string Library = "libsqlite3.so.0";
    private const int Ok = 0,
        Done = 101;
    private static readonly nint Transient = -1;

    private readonly nint _database,
        _insert;

    public Sqlite(string file)
    {
        Check(sqlite3_open(file, out _database));
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("CREATE TABLE IF NOT EXISTS stories (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
        Check(sqlite3_prepare_v2(_database, "INSERT INTO stories (body) VALUES (?)", -1, out _insert, out _));
    }

    public void Execute(string sql) => Check(sqlite3_exec(_database, sql, 0, 0, 0));

    public void Insert(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Check(sqlite3_bind_text(_insert, 1, bytes, bytes.Length, Transient));
        Check(sqlite3_step(_insert));
        Check(sqlite3_reset(_insert));
    }

    public void Dispose()
    {
        _ = sqlite3_finalize(_insert);
        _ = sqlite3_close(_database);
    }

    private static void Check(int code)
    {
        if (code is not (Ok or Done))
        {
            throw new InvalidOperationException($"SQLite answered {code}");
        }
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sqlite3_open(string file, out nint database);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sqlite3_exec(nint database, string sql, nint callback, nint argument, nint error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sqlite3_prepare_v2(nint database, string sql, int length, out nint statement, out nint tail);

    [LibraryImport(Library)]
    private static partial int sqlite3_bind_text(nint statement, int index, byte[] text, int length, nint destructor);

    [LibraryImport(Library)]
    private static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    private static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library)]
    private static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Library)]
    private static partial int sqlite3_close(nint database);
}
