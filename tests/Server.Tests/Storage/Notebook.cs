using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StoriesCli.Server.Storage;
using Notes = System.Collections.Immutable.ImmutableDictionary<string, StoriesCli.Server.Tests.Storage.Note>;

namespace StoriesCli.Server.Tests.Storage;

internal sealed record Note(string Id, string Text, long Number = 0);

/// <summary>A small database with two collections, each with its projection: pages, and marks that always come and go with their page.</summary>
internal sealed class Notebook : IAsyncDisposable
{
    public static readonly Collection<Note> Pages = Shaped("pages");
    public static readonly Collection<Note> Marks = Shaped("marks");

    private Notebook(DataDirectory directory, Database database)
    {
        Directory = directory;
        Database = database;
        PageProjection = Project(database, Pages);
        MarkProjection = Project(database, Marks);
    }

    public DataDirectory Directory { get; }

    public Database Database { get; }

    public Projection<Notes> PageProjection { get; }

    public Projection<Notes> MarkProjection { get; }

    public Notes Current => PageProjection.Current;

    public static async Task<Notebook> OpenAsync(
        string path,
        DatabaseSettings? settings = null,
        ILogger<Database>? log = null,
        Action<Database>? before = null
    )
    {
        var directory = DataDirectory.Open(path);
        var notebook = new Notebook(directory, new Database(directory, log ?? NullLogger<Database>.Instance, settings));
        before?.Invoke(notebook.Database);
        try
        {
            await notebook.Database.OpenAsync();
            return notebook;
        }
        catch
        {
            await notebook.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a new server finds in this directory.</summary>
    public static async Task<Notes> ReadAsync(string path)
    {
        await using var notebook = await OpenAsync(path);
        notebook.MarkProjection.Current.Keys.Should().BeEquivalentTo(notebook.Current.Keys, "a change is there whole or not at all");
        return notebook.Current;
    }

    /// <summary>Adds a page with its mark. Refuses a page that exists.</summary>
    public Task<int> AddAsync(Note note, Action? acknowledged = null) =>
        Database.CommitAsync(batch =>
        {
            if (PageProjection.Pending.ContainsKey(note.Id))
                throw new ArgumentException($"{note.Id} is taken");
            return Insert(batch, note, acknowledged);
        });

    /// <summary>Adds a page without checking whether it exists, as a faulty rule would.</summary>
    public Task<int> AddBlindlyAsync(Note note) => Database.CommitAsync(batch => Insert(batch, note, null));

    public Task<bool> PutAsync(Note note) =>
        Database.CommitAsync(batch =>
        {
            batch.Put(Pages, note);
            batch.Put(Marks, note);
            return true;
        });

    public Task<bool> RemoveAsync(string id) =>
        Database.CommitAsync(batch =>
        {
            batch.Delete(Pages, new Note(id, ""));
            batch.Delete(Marks, new Note(id, ""));
            return true;
        });

    /// <summary>Waits until the writer thread has finished its work, and has reopened the database if it failed meanwhile.</summary>
    public async Task WaitUntilReadyAsync()
    {
        while (true)
        {
            try
            {
                await Database.CommitAsync(_ => 0);
                return;
            }
            catch (DatabaseUnavailableException) when (Database.Health.State != DatabaseState.Failed)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Keeps the writer thread busy until the result is set, so that everything queued meanwhile is one batch.</summary>
    public async Task<TaskCompletionSource> HoldAsync()
    {
        var held = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _ = Database.CommitAsync(_ =>
        {
            held.TrySetResult();
            release.Task.Wait();
            return 0;
        });
        await held.Task;
        return release;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Dispose();
    }

    private static Collection<Note> Shaped(string name) =>
        new(
            name,
            note => new RowDocument
            {
                ["_id"] = note.Id,
                ["text"] = note.Text,
                ["number"] = note.Number,
            },
            document => new Note(document["_id"].Text, document["text"].Text, document["number"].Long),
            new IndexSpec("number", "$.number")
        );

    private static Projection<Notes> Project(Database database, Collection<Note> collection) =>
        database
            .Project(ImmutableDictionary.Create<string, Note>(StringComparer.Ordinal))
            .On(collection, (notes, note) => notes.SetItem(note.Id, note), (notes, note) => notes.Remove(note.Id));

    private int Insert(WriteBatch batch, Note note, Action? acknowledged)
    {
        batch.Insert(Pages, note);
        batch.Insert(Marks, note);
        if (acknowledged is not null)
            batch.AfterCommit(acknowledged);
        return PageProjection.Pending.Count;
    }
}
