using System.Diagnostics.CodeAnalysis;
using LiteDB;
using Npgsql;
using NpgsqlTypes;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>The statements of the engine. Only names of collections, which are the program's own, stand in their text; values are parameters.</summary>
internal static class Sql
{
    /// <summary>Table of a database that <c>migrate</c> or <c>restore</c> is filling. Its row says with which command to go on.</summary>
    public const string MoveMark = "unfinished_move";

    /// <summary>Tables of the engine itself. They are no collections.</summary>
    public static readonly IReadOnlySet<string> OwnTables = new HashSet<string>(StringComparer.Ordinal)
    {
        "commits",
        "events",
        "writer",
        "keys",
        MoveMark,
    };

    /// <summary>
    /// Rows are BSON, as the other engine keeps them, so that each value comes back as it was. <c>commits</c> has the changes of each
    /// transaction, numbered without a gap, and <c>events</c> what servers tell of them. <c>writer</c> has one row: who may write.
    /// </summary>
    public const string MakeOwnTables = """
        create table if not exists commits (
            seq bigint primary key,
            epoch bigint not null,
            at timestamptz not null default clock_timestamp(),
            rows bytea not null
        );
        create table if not exists events (
            seq bigint primary key,
            at timestamptz not null default clock_timestamp(),
            items bytea not null
        );
        create table if not exists writer (
            one boolean primary key default true check (one),
            epoch bigint not null,
            name text not null,
            peers text,
            at timestamptz not null default clock_timestamp()
        );
        """;

    public const string MakeKeys = "create table if not exists keys (name text primary key, value bytea not null)";

    public static string Name(string collection) => $"\"{collection.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string MakeTable(string collection) =>
        $"create table if not exists {Name(collection)} (id text collate \"C\" primary key, doc bytea not null)";

    /// <summary>Adds writes to a batch, in as few statements as their order allows.</summary>
    public static void Add(NpgsqlBatch batch, string collection, IReadOnlyList<RowWrite> writes)
    {
        for (int start = 0, end; start < writes.Count; start = end)
        {
            var kind = writes[start].Kind;
            // One statement cannot put the same row twice.
            var ids = new HashSet<string>(StringComparer.Ordinal) { writes[start].Id.AsString };
            for (end = start + 1; end < writes.Count && writes[end].Kind == kind && ids.Add(writes[end].Id.AsString); )
                end++;
            var run = writes.Skip(start).Take(end - start).ToList();
            var command = new NpgsqlBatchCommand(Text(kind, collection));
            command.Parameters.Add(Texts(run.Select(write => write.Id.AsString)));
            if (kind != WriteKind.Delete)
                command.Parameters.Add(Binaries(run.Select(write => BsonSerializer.Serialize(write.Document))));
            batch.BatchCommands.Add(command);
        }
    }

    private static string Text(WriteKind kind, string collection) =>
        kind switch
        {
            WriteKind.Delete => $"delete from {Name(collection)} where id = any($1)",
            WriteKind.Insert => $"insert into {Name(collection)} (id, doc) select * from unnest($1, $2)",
            _ => $"insert into {Name(collection)} (id, doc) select * from unnest($1, $2) on conflict (id) do update set doc = excluded.doc",
        };

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string text, params NpgsqlParameter[] parameters)
    {
        var command = connection.CreateCommand();
        SetText(command, text);
        command.Parameters.AddRange(parameters);
        return command;
    }

    [SuppressMessage("Security", "CA2100", Justification = "Only names of collections, which are the program's own, stand in it.")]
    private static void SetText(NpgsqlCommand command, string text) => command.CommandText = text;

    public static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Binary(byte[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter Texts(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Binaries(IEnumerable<byte[]> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}
