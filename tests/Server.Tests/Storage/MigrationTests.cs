using LiteDB;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

public sealed class MigrationTests : IDisposable
{
    private static readonly Migrations TwoSteps = new(
        new Migration(2, rows => rows.All("pages").Select(page => new RowWrite(WriteKind.Put, "pages", page["_id"], Louder(page)))),
        new Migration(3, _ => [new RowWrite(WriteKind.Delete, "pages", "gone", null), new RowWrite(WriteKind.Delete, "marks", "gone", null)]));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_older_database_is_copied_and_then_migrated_once()
    {
        var data = await WriteAsync();
        for (var opening = 0; opening < 2; opening++)
        {
            await using var notebook = await Notebook.OpenAsync(data, new DatabaseSettings { Migrations = TwoSteps });
            notebook.Current.Values.Should().BeEquivalentTo([new Note("a", "text!")]);
        }

        var restored = _folder.CopyOf(data, "restored");
        File.Move(System.IO.Path.Combine(restored, "stories.schema-1.db"), System.IO.Path.Combine(restored, "stories.db"), overwrite: true);
        (await Notebook.ReadAsync(restored)).Keys.Should().BeEquivalentTo("a", "gone");
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        var data = await WriteAsync();
        await using (await Notebook.OpenAsync(data, new DatabaseSettings { Migrations = TwoSteps }))
        {
        }
        var before = await File.ReadAllBytesAsync(System.IO.Path.Combine(data, "stories.db"));

        var refused = await FluentActions.Invoking(() => Notebook.OpenAsync(data)).Should().ThrowAsync<DataDirectoryException>();
        refused.Which.Message.Should().Contain("schema 3").And.Contain("up to 1");
        (await File.ReadAllBytesAsync(System.IO.Path.Combine(data, "stories.db"))).Should().Equal(before);
    }

    [Fact]
    public async Task A_new_database_needs_no_step_and_no_copy()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { Migrations = TwoSteps });
        Directory.GetFiles(_folder.New("data")).Select(System.IO.Path.GetFileName).Should().BeEquivalentTo("lock", "stories.db", "stories.log");
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_older_schema()
    {
        var data = await WriteAsync();
        var broken = new Migrations(new Migration(2, rows => [.. rows.All("pages").Select(page =>
            new RowWrite(WriteKind.Insert, "pages", page["_id"], page))]));
        await FluentActions.Invoking(() => Notebook.OpenAsync(data, new DatabaseSettings { Migrations = broken })).Should().ThrowAsync<DuplicateRowException>();

        (await Notebook.ReadAsync(data)).Keys.Should().BeEquivalentTo("a", "gone");
    }

    [Fact]
    public async Task A_file_that_is_no_database_of_ours_is_refused()
    {
        Directory.CreateDirectory(_folder.New("data"));
        using (var engine = new LiteDB.Engine.LiteEngine(new LiteDB.Engine.EngineSettings
        {
            Filename = _folder.New("data/stories.db"),
            Collation = Collation.Binary,
        }))
            engine.Insert("strangers", [new BsonDocument { ["_id"] = "x" }], BsonAutoId.ObjectId);
        await FluentActions.Invoking(() => Notebook.OpenAsync(_folder.New("data"))).Should().ThrowAsync<DataDirectoryException>();

        Directory.CreateDirectory(_folder.New("noise"));
        await File.WriteAllBytesAsync(_folder.New("noise/stories.db"), new byte[3 * 8192]);
        await FluentActions.Invoking(() => Notebook.OpenAsync(_folder.New("noise"))).Should().ThrowAsync<DataDirectoryException>();
    }

    private static BsonDocument Louder(BsonDocument page)
    {
        page["text"] = page["text"].AsString + "!";
        return page;
    }

    private async Task<string> WriteAsync()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        await notebook.AddAsync(new Note("a", "text"));
        await notebook.AddAsync(new Note("gone", "text"));
        return _folder.New("data");
    }
}
