using Microsoft.Extensions.Logging;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

public sealed class CommitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_committed_is_visible_at_once_and_there_after_closing()
    {
        await using (var notebook = await Notebook.OpenAsync(_folder.New("data")))
        {
            (await notebook.AddAsync(new Note("a", "first"))).Should().Be(1);
            notebook.Current["a"].Text.Should().Be("first");
        }
        (await Notebook.ReadAsync(_folder.New("data"))).Should().ContainKey("a");
    }

    [Fact]
    public async Task Texts_and_numbers_come_back_as_they_were_and_ids_that_differ_by_case_stay_apart()
    {
        Note[] notes =
        [
            new("id", ""),
            new("ID", " spaces around "),
            new("Id", "\t\n"),
            new("ıd", "é vs e\u0301 🎉"),
            new("", "an empty id", long.MaxValue),
            new(" ", "x", long.MinValue),
            new("é", "1"),
            new("e\u0301", "2"),
        ];
        await using (var notebook = await Notebook.OpenAsync(_folder.New("data")))
            foreach (var note in notes)
                await notebook.AddAsync(note);

        (await Notebook.ReadAsync(_folder.New("data"))).Values.Should().BeEquivalentTo(notes);
    }

    [Fact]
    public async Task Nothing_is_visible_or_acknowledged_before_it_is_on_the_disk()
    {
        var watch = new LogWatch();
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { OpenLogFile = watch.Open });
        Task<int>? commit = null;
        bool? seenEarly = null;
        var release = await notebook.HoldAsync();
        commit = notebook.AddAsync(new Note("a", "x"));
        watch.Before = (step, _) =>
        {
            if (step == LogStep.Flush)
                seenEarly ??= notebook.Current.ContainsKey("a") || commit.IsCompleted;
        };
        release.SetResult();
        await commit;

        seenEarly.Should().BeFalse();
        notebook.Current.Should().ContainKey("a");
    }

    [Fact]
    public async Task A_rule_that_throws_fails_alone_and_leaves_no_trace()
    {
        await using (var notebook = await Notebook.OpenAsync(_folder.New("data")))
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
        (await Notebook.ReadAsync(_folder.New("data"))).Keys.Should().BeEquivalentTo("a", "c");
    }

    [Fact]
    public async Task A_duplicate_fails_alone_in_its_batch()
    {
        await using (var notebook = await Notebook.OpenAsync(_folder.New("data")))
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
        var stored = await Notebook.ReadAsync(_folder.New("data"));
        stored.Should().HaveCount(41);
        stored["a"].Text.Should().Be("original");
    }

    [Fact]
    public async Task What_fails_after_a_commit_does_not_fail_the_commit()
    {
        var log = new RememberingLogger<Database>();
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"), log: log);
        await notebook.AddAsync(new Note("a", "x"), () => throw new InvalidOperationException("listener"));
        await notebook.AddAsync(new Note("b", "x"));

        notebook.Current.Keys.Should().BeEquivalentTo("a", "b");
        log.Entries.Should().ContainSingle(entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Pending_models_are_closed_outside_a_change()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        notebook.Invoking(it => it.PageProjection.Pending).Should().Throw<InvalidOperationException>();
        var elsewhere = await notebook.Database.CommitAsync(_ =>
            Task.Run(() => notebook.Invoking(it => it.PageProjection.Pending).Should().Throw<InvalidOperationException>())
                .Wait(TimeSpan.FromSeconds(10))
        );
        elsewhere.Should().BeTrue();
    }

    [Fact]
    public async Task A_row_without_a_text_id_or_of_an_unknown_collection_is_refused()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        var unknown = Notebook.Pages with { Name = "unknown" };
        var numbered = Notebook.Pages with { ToDocument = _ => new RowDocument { ["_id"] = 1 } };

        await notebook
            .Invoking(it =>
                it.Database.CommitAsync(batch =>
                {
                    batch.Put(unknown, new Note("a", "x"));
                    return 0;
                })
            )
            .Should()
            .ThrowAsync<InvalidOperationException>()
            .WithMessage("*unknown*");
        await notebook
            .Invoking(it =>
                it.Database.CommitAsync(batch =>
                {
                    batch.Put(numbered, new Note("a", "x"));
                    return 0;
                })
            )
            .Should()
            .ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task A_row_that_the_engine_refuses_fails_alone()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        var release = await notebook.HoldAsync();
        var good = notebook.AddAsync(new Note("a", "x"));
        var tooLong = notebook.AddAsync(new Note(new string('k', 2000), "x"));
        release.SetResult();

        await good;
        await tooLong.Invoking(task => task).Should().ThrowAsync<LiteDB.LiteException>();
        notebook.Current.Keys.Should().BeEquivalentTo("a");
        notebook.Database.Health.IsReady.Should().BeTrue();
    }
}
