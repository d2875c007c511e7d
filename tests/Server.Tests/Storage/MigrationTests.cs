using LiteDB;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

public sealed class MigrationTests : IDisposable
{
    private static readonly int Before = Migrations.Released.Newest;
    private static readonly Migration Louden = new(
        Before + 1,
        rows => rows.All("pages").Select(page => new RowWrite(WriteKind.Put, "pages", page["_id"], Louder(page)))
    );
    private static readonly Migrations TwoSteps = After(
        Louden,
        new Migration(
            Before + 2,
            _ => [new RowWrite(WriteKind.Delete, "pages", "gone", null), new RowWrite(WriteKind.Delete, "marks", "gone", null)]
        )
    );

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
        File.Move(
            System.IO.Path.Combine(restored, $"stories.schema-{Before}.db"),
            System.IO.Path.Combine(restored, "stories.db"),
            overwrite: true
        );
        File.Delete(System.IO.Path.Combine(restored, "stories.log"));
        File.Delete(System.IO.Path.Combine(restored, "stories.sums"));
        (await Notebook.ReadAsync(restored)).Keys.Should().BeEquivalentTo("a", "gone");
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        var data = await WriteAsync();
        await using (await Notebook.OpenAsync(data, new DatabaseSettings { Migrations = TwoSteps })) { }
        var before = await File.ReadAllBytesAsync(System.IO.Path.Combine(data, "stories.db"));

        var refused = await FluentActions.Invoking(() => Notebook.OpenAsync(data)).Should().ThrowAsync<DataDirectoryException>();
        refused.Which.Message.Should().Contain($"schema {Before + 2}").And.Contain($"up to {Before}");
        (await File.ReadAllBytesAsync(System.IO.Path.Combine(data, "stories.db"))).Should().Equal(before);
    }

    [Fact]
    public async Task A_new_database_needs_no_step_and_no_copy()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { Migrations = TwoSteps });
        Directory
            .GetFiles(_folder.New("data"))
            .Select(System.IO.Path.GetFileName)
            .Should()
            .BeEquivalentTo("lock", "stories.db", "stories.log", "stories.sums", "stories.synced");
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("after other steps")]
    [InlineData("in the middle of a step")]
    public async Task A_migration_that_fails_leaves_everything_as_it_was(string when)
    {
        var data = await WriteAsync();
        var files = Directory.GetFiles(data);
        var duplicate = new Migration(
            Before + 1,
            rows => [.. rows.All("pages").Select(page => new RowWrite(WriteKind.Insert, "pages", page["_id"], page))]
        );
        var broken = when switch
        {
            "at once" => After(new Migration(Before + 1, _ => throw new InvalidOperationException("This step is broken."))),
            "after other steps" => After(Louden, duplicate with { To = Before + 2 }),
            _ => After(new Migration(Before + 1, rows => [.. Louden.Change(rows), .. duplicate.Change(rows)])),
        };

        var failed = await FluentActions
            .Invoking(() => Notebook.OpenAsync(data, new DatabaseSettings { Migrations = broken }))
            .Should()
            .ThrowAsync<DataDirectoryException>();

        failed.Which.Message.Should().Contain("It has not changed");
        Directory.GetFiles(data).Should().BeEquivalentTo(files);
        var log = new RememberingLogger<Database>();
        await using var before = await Notebook.OpenAsync(data, log: log);
        before.Current.Values.Should().BeEquivalentTo([new Note("a", "text"), new Note("gone", "text")]);
        log.Entries.Should().NotContain(entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task A_server_of_before_opens_a_newer_schema_only_if_that_says_so()
    {
        var data = await WriteAsync();
        var adds = After(new Migration(Before + 1, _ => [], Reader: Before));
        await using (await Notebook.OpenAsync(data, new DatabaseSettings { Migrations = adds })) { }
        await using (var before = await Notebook.OpenAsync(data))
        {
            await before.AddAsync(new Note("b", "text"));
        }
        var changes = After(new Migration(Before + 1, _ => [], Reader: Before), new Migration(Before + 2, _ => []));
        await using (var after = await Notebook.OpenAsync(data, new DatabaseSettings { Migrations = changes }))
        {
            after.Current.Keys.Should().BeEquivalentTo("a", "gone", "b");
        }

        var refused = await FluentActions.Invoking(() => Notebook.OpenAsync(data)).Should().ThrowAsync<DataDirectoryException>();
        refused.Which.Message.Should().Contain($"from schema {Before + 2} on").And.Contain("docs/host/upgrade.md");
    }

    [Fact]
    public async Task A_file_that_is_no_database_of_ours_is_refused()
    {
        Directory.CreateDirectory(_folder.New("data"));
        using (
            var engine = new LiteDB.Engine.LiteEngine(
                new LiteDB.Engine.EngineSettings { Filename = _folder.New("data/stories.db"), Collation = Collation.Binary }
            )
        )
            engine.Insert("strangers", [new BsonDocument { ["_id"] = "x" }], BsonAutoId.ObjectId);
        await FluentActions.Invoking(() => Notebook.OpenAsync(_folder.New("data"))).Should().ThrowAsync<DataDirectoryException>();

        Directory.CreateDirectory(_folder.New("noise"));
        await File.WriteAllBytesAsync(_folder.New("noise/stories.db"), new byte[3 * 8192]);
        await FluentActions.Invoking(() => Notebook.OpenAsync(_folder.New("noise"))).Should().ThrowAsync<DataDirectoryException>();
    }

    private static Migrations After(params Migration[] steps) =>
        new([.. Enumerable.Range(2, Before - 1).Select(to => new Migration(to, _ => [])), .. steps]);

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
