using System.Diagnostics;
using System.Text;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>Deleted data is gone from the files, not only from the responses.</summary>
public sealed class ErasureTests : IDisposable
{
    private const string Mark = "secret-of-somebody";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4_000)]
    public async Task No_byte_of_a_deleted_row_is_left_in_data_file_or_log(int times)
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        for (var i = 0; i < 20; i++)
        {
            await notebook.AddAsync(new Note($"n{i}", i % 2 == 0 ? string.Concat(Enumerable.Repeat(Mark, times)) : "kept", i));
        }
        Shown(notebook).Should().BeTrue();

        for (var i = 0; i < 20; i += 2)
        {
            await notebook.RemoveAsync($"n{i}");
        }
        (await notebook.Database.EraseDeletedAsync()).Should().BeTrue();

        Shown(notebook).Should().BeFalse();
        notebook.Current.Should().HaveCount(10);
    }

    [Fact]
    public async Task A_backup_keeps_what_it_copies_and_the_next_call_makes_up_for_it()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        await notebook.AddAsync(new Note("n", Mark, 1));
        var backup = await notebook.Database.HoldAsync(() => true);
        await notebook.RemoveAsync("n");

        (await notebook.Database.EraseDeletedAsync()).Should().BeFalse();
        Shown(notebook).Should().BeTrue("the backup has not copied it yet");

        backup.Dispose();
        (await notebook.Database.EraseDeletedAsync()).Should().BeTrue();
        Shown(notebook).Should().BeFalse();
    }

    [Fact]
    public async Task What_was_deleted_is_erased_soon_without_being_asked_for()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        await notebook.AddAsync(new Note("n", Mark, 1));
        var erased = new TaskCompletionSource();
        notebook.Database.Erased += () => erased.TrySetResult();

        await notebook.RemoveAsync("n");

        await erased.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Shown(notebook).Should().BeFalse();
    }

    [Fact]
    public async Task Many_deletions_empty_the_log_together()
    {
        var emptied = 0;
        var watch = new LogWatch();
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"), new DatabaseSettings { OpenLogFile = watch.Open });
        for (var i = 0; i < 60; i++)
        {
            await notebook.AddAsync(new Note($"n{i}", Mark, i));
        }
        var started = Stopwatch.GetTimestamp();
        watch.Before = (step, _) => emptied += step == LogStep.SetLength ? 1 : 0;

        for (var i = 0; i < 60; i++)
        {
            await notebook.RemoveAsync($"n{i}");
        }
        (await notebook.Database.EraseDeletedAsync()).Should().BeTrue();

        emptied.Should().BeInRange(1, 1 + (int)Stopwatch.GetElapsedTime(started).TotalSeconds);
        Shown(notebook).Should().BeFalse();
    }

    private static bool Shown(Notebook notebook) =>
        new[] { notebook.Directory.DatabaseFile, notebook.Directory.LogFile }.Any(path =>
        {
            using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return Encoding.Latin1.GetString(bytes).Contains(Mark, StringComparison.Ordinal);
        });
}
