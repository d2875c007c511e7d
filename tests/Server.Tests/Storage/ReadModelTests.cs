using System.Collections.Immutable;
using LiteDB;
using LiteDB.Engine;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

public sealed class ReadModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_read_model_equals_a_fresh_scan_after_random_operations(int seed)
    {
        var random = new Random(seed);
        ImmutableDictionary<string, Note> inMemory;
        await using (var notebook = await Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { CheckpointPages = 200 }))
        {
            for (var round = 0; round < 40; round++)
            {
                var batch = Enumerable.Range(0, random.Next(1, 30)).Select(_ => Operate(notebook, random)).ToList();
                await Task.WhenAll(batch);
            }
            inMemory = notebook.Current;
            notebook.MarkProjection.Current.Should().BeEquivalentTo(inMemory);
        }

        inMemory.Should().NotBeEmpty();
        (await Notebook.ReadAsync(_folder.New("data"))).Should().BeEquivalentTo(inMemory);
        IndexedIds("pages").Should().BeEquivalentTo(inMemory.Keys, "every index lists exactly its collection");
        IndexedIds("marks").Should().BeEquivalentTo(inMemory.Keys);
    }

    [Fact]
    public async Task Eight_readers_see_whole_commits_while_two_write()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { CheckpointPages = 300 });
        using var done = new CancellationTokenSource();
        var readers = Enumerable
            .Range(0, 8)
            .Select(_ => Task.Factory.StartNew(() => ReadUntil(notebook, done.Token), TaskCreationOptions.LongRunning))
            .ToList();
        await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async writer =>
                {
                    for (var i = 0; i < 200; i++)
                    {
                        var id = $"{writer}-{i}";
                        await notebook.AddAsync(new Note(id, id, i));
                        notebook.Current.Should().ContainKey(id, "who wrote it sees it");
                    }
                })
        );
        await done.CancelAsync();

        (await Task.WhenAll(readers)).Should().OnlyContain(snapshots => snapshots > 0);
        notebook.Current.Should().HaveCount(400);
    }

    private static long ReadUntil(Notebook notebook, CancellationToken done)
    {
        var snapshots = 0L;
        for (var seen = 0; !done.IsCancellationRequested || snapshots == 0; snapshots++)
        {
            var snapshot = notebook.Database.Published;
            var pages = notebook.PageProjection.In(snapshot);
            if (pages.Count < seen)
                throw new InvalidOperationException("A commit vanished.");
            seen = pages.Count;
            if (notebook.MarkProjection.In(snapshot).Count != seen)
                throw new InvalidOperationException("Half a commit is visible.");
            foreach (var (id, note) in pages)
                if (note.Text != id)
                    throw new InvalidOperationException("A wrong document.");
        }
        return snapshots;
    }

    private static async Task Operate(Notebook notebook, Random random)
    {
        var note = new Note($"{random.Next(60)}", new string((char)('a' + random.Next(26)), random.Next(2000)), random.Next(1000));
        try
        {
            switch (random.Next(5))
            {
                case 0:
                    await notebook.AddAsync(note);
                    break;
                case 1:
                    await notebook.AddBlindlyAsync(note);
                    break;
                case 2:
                    await notebook.RemoveAsync(note.Id);
                    break;
                default:
                    await notebook.PutAsync(note);
                    break;
            }
        }
        catch (Exception e) when (e is ArgumentException or DuplicateRowException) { }
    }

    private List<string> IndexedIds(string collection)
    {
        using var engine = new LiteEngine(new EngineSettings { Filename = _folder.New("data/stories.db"), Collation = Collation.Binary });
        var query = new Query();
        query.Where.Add(BsonExpression.Create("$.number >= @0", long.MinValue));
        using (var plan = engine.Query(collection, new Query { Where = { query.Where[0] }, ExplainPlan = true }))
        {
            plan.Read();
            plan.Current["index"]["name"].AsString.Should().Be("number");
        }
        using var reader = engine.Query(collection, query);
        var ids = new List<string>();
        while (reader.Read())
            ids.Add(reader.Current["_id"].AsString);
        return ids;
    }
}
