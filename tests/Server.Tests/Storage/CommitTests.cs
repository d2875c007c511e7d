using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

public sealed class CommitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
