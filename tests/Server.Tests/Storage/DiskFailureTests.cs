using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Tests.Storage;

public sealed class DiskFailureTests : IDisposable
{
    private const int NoSpaceLeft = 28;

    private readonly TemporaryFolder _folder = new();
    private readonly LogWatch _watch = new();
    private readonly List<string> _acknowledged = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PageFrame.HeaderBytes + 5)]
    [InlineData(PageFrame.Bytes)]
    public async Task A_full_disk_at_any_write_loses_nothing_and_is_survived(int bytesBeforeFailure)
    {
        _watch.BytesBeforeFailure = bytesBeforeFailure;
        await using (var notebook = await OpenAsync())
        {
            for (var failing = 0; failing < 40; failing++)
            {
                var steps = 0;
                _watch.Before = (step, file) =>
                {
                    if (file.Grows && steps++ == failing % 12)
                        throw new IOException("No space left on device", NoSpaceLeft);
                };
                await AddAsync(notebook, $"{failing}");
                await notebook.WaitUntilReadyAsync();
            }
            _watch.Before = null;
            _acknowledged.Should().HaveCountGreaterThan(5);
            notebook.Current.Keys.Should().Contain(_acknowledged);
        }
        (await Notebook.ReadAsync(_folder.New("data"))).Keys.Should().Contain(_acknowledged);
    }

    [Fact]
    public async Task While_the_disk_stays_full_changes_are_refused_and_afterwards_taken()
    {
        await using var notebook = await OpenAsync();
        await AddAsync(notebook, "before");
        _watch.Before = (step, file) =>
        {
            if (file.Grows)
                throw new IOException("No space left on device", NoSpaceLeft);
        };
        for (var i = 0; i < 5; i++)
        {
            var refused = await notebook
                .Invoking(it => it.AddAsync(new Note($"refused{i}", "x")))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>();
            refused.Which.Reason.Should().BeOneOf(UnavailableReason.InDoubt, UnavailableReason.NotReady);
            await notebook.WaitUntilReadyAsync();
        }
        _watch.Before = null;
        await notebook.AddAsync(new Note("after", "x"));

        notebook.Current.Keys.Should().BeEquivalentTo("before", "after");
    }

    [Fact]
    public async Task A_failed_flush_leaves_the_change_in_doubt_and_the_next_one_lasts()
    {
        await using (var notebook = await OpenAsync())
        {
            var seenAtReopening = new TaskCompletionSource<bool>();
            notebook.Database.Reopened += () => seenAtReopening.TrySetResult(notebook.Current.ContainsKey("doubtful"));
            await notebook.AddAsync(new Note("before", "x"));
            FailOnce(LogStep.Flush);
            var doubtful = await notebook
                .Invoking(it => it.AddAsync(new Note("doubtful", "x")))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>();
            doubtful.Which.Reason.Should().Be(UnavailableReason.InDoubt);
            await notebook.WaitUntilReadyAsync();
            (await seenAtReopening.Task).Should().BeTrue("a listener that is told to reload must find it");
            await notebook.AddAsync(new Note("after", "x"));
            notebook.Current.Keys.Should().BeEquivalentTo("before", "doubtful", "after");
        }
        (await Notebook.ReadAsync(_folder.New("data"))).Keys.Should().BeEquivalentTo("before", "doubtful", "after");
    }

    [Fact]
    public async Task All_of_a_batch_that_failed_are_told_so_and_health_says_why()
    {
        await using var notebook = await OpenAsync();
        var release = await notebook.HoldAsync();
        var batch = Enumerable.Range(0, 10).Select(i => notebook.AddAsync(new Note($"{i}", "x"))).ToList();
        var reopening = new TaskCompletionSource<DatabaseHealth>();
        var resume = new TaskCompletionSource();
        var failed = false;
        _watch.Before = (step, _) =>
        {
            if (step != LogStep.Flush)
                return;
            if (!failed)
            {
                failed = true;
                throw new IOException("the disk is gone");
            }
            reopening.TrySetResult(notebook.Database.Health);
            resume.Task.Wait();
        };
        release.SetResult();
        var health = await reopening.Task;
        var refused = await notebook
            .Invoking(it => it.AddAsync(new Note("meanwhile", "x")))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>();
        resume.SetResult();
        foreach (var change in batch)
            (await change.Invoking(task => task).Should().ThrowAsync<DatabaseUnavailableException>())
                .Which.Reason.Should()
                .Be(UnavailableReason.InDoubt);

        health.State.Should().Be(DatabaseState.Reopening);
        health.Reason.Should().Contain("the disk is gone");
        refused.Which.Reason.Should().Be(UnavailableReason.NotReady);
        await notebook.WaitUntilReadyAsync();
    }

    [Theory]
    [InlineData(LogStep.SetLength)]
    [InlineData(LogStep.Flush)]
    public async Task A_checkpoint_that_fails_loses_nothing(LogStep failing)
    {
        await using (var notebook = await OpenAsync())
        {
            for (var i = 0; i < 60; i++)
            {
                await AddAsync(notebook, $"{i}");
                await notebook.WaitUntilReadyAsync();
                if (i % 7 == 0)
                    FailOnce(failing);
            }
            _watch.Before = null;
            notebook.Current.Keys.Should().Contain(_acknowledged);
        }
        var found = await Notebook.ReadAsync(_folder.New("data"));
        found.Keys.Should().Contain(_acknowledged);
        _acknowledged.Count.Should().BeGreaterThan(40);
    }

    [Fact]
    public async Task When_opening_again_fails_the_database_stops_and_says_so()
    {
        await using var notebook = await OpenAsync();
        await notebook.AddAsync(new Note("a", "x"));
        var stopped = new TaskCompletionSource<Exception>();
        notebook.Database.Stopped += e => stopped.TrySetResult(e);
        _watch.Before = (_, _) => throw new IOException("the disk is gone");
        await notebook.Invoking(it => it.AddAsync(new Note("b", "x"))).Should().ThrowAsync<DatabaseUnavailableException>();

        (await stopped.Task).Message.Should().Contain("the disk is gone");
        notebook.Database.Health.State.Should().Be(DatabaseState.Failed);
        var refused = await notebook.Invoking(it => it.AddAsync(new Note("c", "x"))).Should().ThrowAsync<DatabaseUnavailableException>();
        refused.Which.Reason.Should().Be(UnavailableReason.NotReady);
        notebook.Current.Keys.Should().Contain("a", "readers keep what was published");
    }

    private Task<Notebook> OpenAsync() =>
        Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { OpenLogFile = _watch.Open, CheckpointPages = 50 });

    private async Task AddAsync(Notebook notebook, string id)
    {
        try
        {
            await notebook.AddAsync(new Note(id, "x"), () => _acknowledged.Add(id));
        }
        catch (DatabaseUnavailableException e) when (e.Reason == UnavailableReason.InDoubt)
        {
            _acknowledged.Should().NotContain(id);
        }
    }

    private void FailOnce(LogStep failing)
    {
        var failed = false;
        _watch.Before = (step, _) =>
        {
            if (failed || step != failing)
                return;
            failed = true;
            throw new IOException("Input/output error");
        };
    }
}
