using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

public sealed class QueueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_what_was_taken_is_done()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { QueueLimit = 3 });
        var release = await notebook.HoldAsync();
        var taken = Enumerable.Range(0, 3).Select(i => notebook.AddAsync(new Note($"{i}", "x"))).ToList();
        notebook.Database.QueueLength.Should().Be(3);

        var refused = await notebook.Invoking(it => it.AddAsync(new Note("late", "x"))).Should().ThrowAsync<DatabaseUnavailableException>();
        refused.Which.Reason.Should().Be(UnavailableReason.QueueFull);
        release.SetResult();
        await Task.WhenAll(taken);
        notebook.Current.Keys.Should().BeEquivalentTo("0", "1", "2");
    }

    [Fact]
    public async Task A_change_cancelled_while_it_waits_never_runs()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        using var cancel = new CancellationTokenSource();
        var release = await notebook.HoldAsync();
        var ran = false;
        var waiting = notebook.Database.CommitAsync(_ => ran = true, cancel.Token);
        await cancel.CancelAsync();
        await waiting.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        release.SetResult();
        await notebook.AddAsync(new Note("next", "x"));

        ran.Should().BeFalse();
    }

    [Fact]
    public async Task Cancelling_what_was_taken_changes_nothing()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        using var cancel = new CancellationTokenSource();
        var result = await notebook.Database.CommitAsync(
            batch =>
            {
                cancel.Cancel();
                batch.Put(Notebook.Pages, new Note("a", "x"));
                return 7;
            },
            cancel.Token
        );
        result.Should().Be(7);
    }

    [Fact]
    public async Task Closing_writes_what_waits_and_refuses_what_comes_later()
    {
        var notebook = await Notebook.OpenAsync(_folder.New("data"));
        var release = await notebook.HoldAsync();
        var waiting = Enumerable.Range(0, 300).Select(i => notebook.AddAsync(new Note($"{i}", "x"))).ToList();
        var closing = notebook.DisposeAsync().AsTask();
        var late = await notebook.Invoking(it => it.AddAsync(new Note("late", "x"))).Should().ThrowAsync<DatabaseUnavailableException>();
        late.Which.Reason.Should().Be(UnavailableReason.NotReady);
        release.SetResult();
        await closing;

        waiting.Should().OnlyContain(task => task.IsCompletedSuccessfully);
        notebook.Database.Health.State.Should().Be(DatabaseState.Closed);
        new FileInfo(notebook.Directory.LogFile).Length.Should().Be(0, "closing brings the log into the data file");
        (await Notebook.ReadAsync(_folder.New("data"))).Should().HaveCount(300);
    }
}
