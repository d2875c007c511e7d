using LiteDB;
using Microsoft.Extensions.Logging;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Storage;

public sealed class LiteDbEngineTests : EngineTests;

public sealed class PostgresEngineTests : EngineTests, IAsyncLifetime
{
    public async Task InitializeAsync() =>
        Engine = new() { Postgres = PostgresAddress.Parse(await (await PostgresCluster.CommonAsync()).NewDatabaseAsync()) };

    public Task DisposeAsync() => Task.CompletedTask;
}

/// <summary>What every engine promises.</summary>
public abstract class EngineTests : IDisposable
{
    private static readonly int Before = Migrations.Released.Newest;
    private static readonly Migration Louden = new(
        Before + 1,
        rows => rows.All("pages").Select(page => new RowWrite(WriteKind.Put, "pages", page["_id"], Louder(page)))
    );

    private readonly TemporaryFolder _folder = new();

    private protected DatabaseSettings Engine { get; set; } = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_committed_is_visible_at_once_and_there_after_closing()
    {
        await using (var notebook = await OpenAsync())
        {
            (await notebook.AddAsync(new Note("a", "first"))).Should().Be(1);
            notebook.Current["a"].Text.Should().Be("first");
        }
        (await ReadAsync()).Should().ContainKey("a");
    }

    [Fact]
    public async Task Texts_and_numbers_come_back_as_they_were_and_ids_that_differ_by_case_stay_apart()
    {
        Note[] notes =
        [
            new("id", ""),
            new("ID", " spaces around "),
            new("Id", "\t\n\0"),
            new("ıd", "é vs e\u0301 🎉"),
            new("", "an empty id", long.MaxValue),
            new(" ", "x", long.MinValue),
            new("é", "1"),
            new("e\u0301", "2"),
        ];
        await using (var notebook = await OpenAsync())
            foreach (var note in notes)
                await notebook.AddAsync(note);

        (await ReadAsync()).Values.Should().BeEquivalentTo(notes);
    }

    [Fact]
    public async Task Each_kind_of_value_comes_back_as_it_was()
    {
        var document = new BsonDocument
        {
            ["_id"] = "a",
            ["none"] = BsonValue.Null,
            ["int"] = int.MinValue,
            ["long"] = long.MaxValue,
            ["double"] = double.NaN,
            ["yes"] = true,
            ["bytes"] = new byte[] { 0, 255 },
            ["list"] = new BsonArray
            {
                "a\0",
                1,
                new BsonArray(),
                new BsonDocument { ["inner"] = -0.0 },
            },
        };
        var raw = new Collection<BsonDocument>("raw", it => new RowDocument(it), it => it.Stored);
        await using var notebook = await OpenAsync(before: it => it.Register(raw));

        await notebook.Database.CommitAsync(batch =>
        {
            batch.Put(raw, document);
            return 0;
        });

        var read = (await notebook.Database.ReadAsync(raw, new())).Should().ContainSingle().Which;
        BsonSerializer.Serialize(read).Should().Equal(BsonSerializer.Serialize(document));
    }

    [Fact]
    public async Task A_rule_that_throws_fails_alone_and_leaves_no_trace()
    {
        await using (var notebook = await OpenAsync())
        {
            var release = await notebook.HoldAsync();
            var before = notebook.AddAsync(new Note("a", "x"));
            var ran = false;
            var broken = notebook.Database.CommitAsync<int>(batch =>
            {
                batch.Insert(Notebook.Pages, new Note("b", "x"));
                batch.AfterCommit(() => ran = true);
                batch.Delete(Notebook.Pages, new Note("a", "x"));
                notebook.PageProjection.Pending.Keys.Should().Equal("b");
                throw new TimeoutException("no");
            });
            var after = notebook.AddAsync(new Note("c", "x"));
            release.SetResult();

            await broken.Invoking(task => task).Should().ThrowAsync<TimeoutException>().WithMessage("no");
            (await before).Should().Be(1);
            (await after).Should().Be(2, "it sees what came before it in the same batch, and nothing of the broken one");
            notebook.Current.Keys.Should().BeEquivalentTo("a", "c");
            ran.Should().BeFalse();
        }
        (await ReadAsync()).Keys.Should().BeEquivalentTo("a", "c");
    }

    [Fact]
    public async Task A_duplicate_fails_alone_in_its_batch()
    {
        await using (var notebook = await OpenAsync())
        {
            await notebook.AddAsync(new Note("a", "original"));
            var release = await notebook.HoldAsync();
            var good = Enumerable.Range(0, 20).Select(i => notebook.AddAsync(new Note($"before{i}", "x"))).ToList();
            var duplicate = notebook.AddBlindlyAsync(new Note("a", "copy"));
            good.AddRange(Enumerable.Range(0, 20).Select(i => notebook.AddAsync(new Note($"after{i}", "x"))));
            release.SetResult();

            await duplicate.Invoking(task => task).Should().ThrowAsync<DuplicateRowException>();
            await Task.WhenAll(good);
            notebook.Current["a"].Text.Should().Be("original");
        }
        var stored = await ReadAsync();
        stored.Should().HaveCount(41);
        stored["a"].Text.Should().Be("original");
    }

    [Fact]
    public async Task A_row_that_the_engine_refuses_fails_alone()
    {
        await using var notebook = await OpenAsync();
        var release = await notebook.HoldAsync();
        var good = notebook.AddAsync(new Note("a", "x"));
        var random = new Random(1);
        var long_ = new string([.. Enumerable.Range(0, 20_000).Select(_ => (char)random.Next('a', 'z'))]);
        var tooLong = notebook.AddAsync(new Note(long_, "x"));
        release.SetResult();

        await good;
        await tooLong.Invoking(task => task).Should().ThrowAsync<Exception>();
        notebook.Current.Keys.Should().BeEquivalentTo("a");
        notebook.Database.Health.IsReady.Should().BeTrue();
    }

    [Fact]
    public async Task Writes_of_a_batch_hold_in_their_order()
    {
        await using (var notebook = await OpenAsync())
        {
            var release = await notebook.HoldAsync();
            var changes = new List<Task>();
            for (var i = 0; i < 5; i++)
            {
                changes.Add(notebook.AddAsync(new Note("a", $"added {i}")));
                changes.Add(notebook.PutAsync(new Note("a", $"put {i}")));
                changes.Add(notebook.PutAsync(new Note("a", $"put again {i}")));
                changes.Add(notebook.RemoveAsync("a"));
            }
            changes.Add(notebook.AddAsync(new Note("a", "last")));
            release.SetResult();
            await Task.WhenAll(changes);
        }
        (await ReadAsync())["a"].Text.Should().Be("last");
    }

    [Fact]
    public async Task Pages_come_in_the_order_of_the_ids_between_their_bounds()
    {
        await using var notebook = await OpenAsync();
        foreach (var id in new[] { "b", "B", "a", "é", "c", "_" })
            await notebook.AddAsync(new Note(id, "x"));

        (await IdsAsync(new())).Should().Equal("B", "_", "a", "b", "c", "é");
        (await IdsAsync(new() { LastFirst = true, Limit = 2 })).Should().Equal("é", "c");
        (await IdsAsync(new("_", "c"))).Should().Equal("a", "b");
        (await IdsAsync(new("é"))).Should().BeEmpty();

        async Task<IEnumerable<string>> IdsAsync(RowRange range) =>
            (await notebook.Database.ReadAsync(Notebook.Pages, range)).Select(note => note.Id);
    }

    [Fact]
    public async Task What_fails_after_a_commit_does_not_fail_the_commit()
    {
        var log = new RememberingLogger<Database>();
        await using var notebook = await OpenAsync(log: log);
        await notebook.AddAsync(new Note("a", "x"), () => throw new InvalidOperationException("listener"));
        await notebook.AddAsync(new Note("b", "x"));

        notebook.Current.Keys.Should().BeEquivalentTo("a", "b");
        log.Entries.Should().ContainSingle(entry => entry.Level == LogLevel.Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_read_model_equals_a_fresh_load_after_random_operations(int seed)
    {
        var random = new Random(seed);
        IReadOnlyDictionary<string, Note> inMemory;
        await using (var notebook = await OpenAsync(it => it with { CheckpointPages = 200 }))
        {
            for (var round = 0; round < 40; round++)
                await Task.WhenAll(Enumerable.Range(0, random.Next(1, 30)).Select(_ => OperateAsync(notebook, random)).ToList());
            inMemory = notebook.Current;
            notebook.MarkProjection.Current.Should().BeEquivalentTo(inMemory);
        }

        inMemory.Should().NotBeEmpty();
        (await ReadAsync()).Should().BeEquivalentTo(inMemory);
    }

    [Fact]
    public async Task An_older_database_is_migrated_once()
    {
        await WriteAsync();
        var steps = After(
            Louden,
            new Migration(
                Before + 2,
                _ => [new RowWrite(WriteKind.Delete, "pages", "gone", null), new RowWrite(WriteKind.Delete, "marks", "gone", null)]
            )
        );
        for (var opening = 0; opening < 2; opening++)
        {
            await using var notebook = await OpenAsync(it => it with { Migrations = steps });
            notebook.Current.Values.Should().BeEquivalentTo([new Note("a", "text!")]);
        }

        var refused = await FluentActions.Invoking(() => OpenAsync()).Should().ThrowAsync<DataDirectoryException>();
        refused.Which.Message.Should().Contain($"schema {Before + 2}").And.Contain($"up to {Before}").And.Contain("docs/host/upgrade.md");
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_everything_as_it_was()
    {
        await WriteAsync();
        var duplicate = new Migration(
            Before + 1,
            rows =>
                [.. Louden.Change(rows), .. rows.All("pages").Select(page => new RowWrite(WriteKind.Insert, "pages", page["_id"], page))]
        );

        var failed = await FluentActions
            .Invoking(() => OpenAsync(it => it with { Migrations = After(duplicate) }))
            .Should()
            .ThrowAsync<DataDirectoryException>();

        failed.Which.Message.Should().Contain("It has not changed");
        await using var before = await OpenAsync();
        before.Current.Values.Should().BeEquivalentTo([new Note("a", "text"), new Note("gone", "text")]);
    }

    [Fact]
    public async Task Keys_are_made_once()
    {
        byte[] made;
        await using (var notebook = await OpenAsync())
        {
            made = notebook.Database.ReadOrMakeKey("link-key", 32);
            made.Should().HaveCount(32);
        }
        await using var again = await OpenAsync();
        again.Database.ReadOrMakeKey("link-key", 32).Should().Equal(made);
        again.Database.ReadOrMakeKey("other-key", 32).Should().NotEqual(made);
    }

    [Fact]
    public async Task A_held_snapshot_does_not_see_what_is_written_later()
    {
        await using var notebook = await OpenAsync();
        await notebook.AddAsync(new Note("before", "x"));
        using (var held = await notebook.Database.HoldAsync(() => notebook.Current.Count))
        {
            await notebook.AddAsync(new Note("after", "x"));
            held.Captured.Should().Be(1);
            await CopyAsync(held);
        }

        (await Notebook.ReadAsync(_folder.New("copy"))).Keys.Should().Equal("before");
    }

    private async Task CopyAsync(DatabaseSnapshot<int> held)
    {
        Directory.CreateDirectory(_folder.New("copy"));
        await using var data = held.OpenDataFile();
        await using var log = await held.CopyLogAsync(default);
        await using var dataCopy = File.Create(_folder.New("copy/stories.db"));
        await data.CopyToAsync(dataCopy);
        await using var logCopy = File.Create(_folder.New("copy/stories.log"));
        await log.CopyToAsync(logCopy);
    }

    private Task<Notebook> OpenAsync(
        Func<DatabaseSettings, DatabaseSettings>? configure = null,
        ILogger<Database>? log = null,
        Action<Database>? before = null
    ) => Notebook.OpenAsync(_folder.New("data"), configure?.Invoke(Engine) ?? Engine, log, before);

    private async Task<IReadOnlyDictionary<string, Note>> ReadAsync()
    {
        await using var notebook = await OpenAsync();
        notebook.MarkProjection.Current.Keys.Should().BeEquivalentTo(notebook.Current.Keys, "a change is there whole or not at all");
        return notebook.Current;
    }

    private async Task WriteAsync()
    {
        await using var notebook = await OpenAsync();
        await notebook.AddAsync(new Note("a", "text"));
        await notebook.AddAsync(new Note("gone", "text"));
    }

    private static async Task OperateAsync(Notebook notebook, Random random)
    {
        var note = new Note($"{random.Next(60)}", new string((char)('a' + random.Next(26)), random.Next(2000)), random.Next(1000));
        try
        {
            await (
                random.Next(5) switch
                {
                    0 => (Task)notebook.AddAsync(note),
                    1 => notebook.AddBlindlyAsync(note),
                    2 => notebook.RemoveAsync(note.Id),
                    _ => notebook.PutAsync(note),
                }
            );
        }
        catch (Exception e) when (e is ArgumentException or DuplicateRowException) { }
    }

    private static Migrations After(params Migration[] steps) =>
        new([.. Enumerable.Range(2, Before - 1).Select(to => new Migration(to, _ => [])), .. steps]);

    private static BsonDocument Louder(BsonDocument page)
    {
        page["text"] = page["text"].AsString + "!";
        return page;
    }
}
