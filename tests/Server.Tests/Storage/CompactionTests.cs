using System.Text;
using Microsoft.Extensions.Logging;
using StoriesCli.Server.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>A data file of which half is dead is copied and replaced while the server works.</summary>
public sealed class CompactionTests : IDisposable
{
    private const int Pages = 400;
    private const string Mark = "secret-of-somebody";

    private readonly TemporaryFolder _folder = new();
    private readonly RememberingLogger<Database> _log = new();
    private readonly List<string> _images = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_data_file_that_is_half_dead_shrinks_by_itself_and_keeps_every_row()
    {
        await using (var notebook = await OpenAsync(_ => { }))
        {
            var before = await FillAndEmptyAsync(notebook);

            await CompactedAsync();

            new FileInfo(notebook.Directory.DatabaseFile).Length.Should().BeLessThan(before / 2);
            Directory.GetFiles(notebook.Directory.TemporaryPath).Should().BeEmpty();
            await notebook.AddAsync(new Note("after", "x", 1));
            notebook.Current.Keys.Should().BeEquivalentTo([.. Kept, "after"]);
        }
        (await Notebook.ReadAsync(_folder.New("data"))).Keys.Should().BeEquivalentTo([.. Kept, "after"]);
        _log.Entries.Should().NotContain(entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task What_is_written_and_deleted_while_the_file_is_copied_is_written_and_deleted_in_the_copy()
    {
        using var pause = new PauseAfterCopy();
        await using (var notebook = await OpenAsync(pause.At))
        {
            await FillAndEmptyAsync(notebook);
            await pause.Reached;
            await notebook.AddAsync(new Note("meanwhile", "y", 7));
            await notebook.PutAsync(new Note(Kept[0], "changed", 8));
            await notebook.RemoveAsync(Kept[1]);
            (await notebook.Database.EraseDeletedAsync()).Should().BeFalse("the copy shows it");

            pause.End();
            await CompactedAsync();

            Directory
                .GetFiles(notebook.Directory.Path, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(path) != "lock")
                .Should()
                .NotContain(path => Shows(path, $"{Mark} {Kept[1]} "));
        }
        var found = await Notebook.ReadAsync(_folder.New("data"));
        found.Keys.Should().BeEquivalentTo([.. Kept.Except([Kept[1]]), "meanwhile"]);
        found[Kept[0]].Text.Should().Be("changed");
    }

    [Fact]
    public async Task A_kill_at_any_step_loses_nothing()
    {
        await using (var notebook = await OpenAsync(TakeImage))
        {
            await FillAndEmptyAsync(notebook);
            await CompactedAsync();
        }
        // The next start may be killed too, while it puts the placed copy in place.
        var placed = _images[^1];
        _images.Add(_folder.CopyOf(placed, "image-finishing"));
        File.Delete(Path.Combine(_images[^1], "stories.log"));
        File.Delete(Path.Combine(_images[^1], "stories.sums"));

        _images.Should().HaveCount(5);
        foreach (var path in _images)
        {
            (await Notebook.ReadAsync(path)).Keys.Should().BeEquivalentTo(Kept, path);
            Directory.GetFiles(Path.Combine(path, "tmp")).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task A_backup_stops_the_copy_and_nothing_is_lost()
    {
        using var pause = new PauseAfterCopy();
        await using (var notebook = await OpenAsync(pause.At))
        {
            await FillAndEmptyAsync(notebook);
            await pause.Reached;
            var held = notebook.Database.HoldAsync(() => true);
            pause.End();
            using (await held)
            {
                Directory.GetFiles(notebook.Directory.TemporaryPath).Should().BeEmpty("its copy is of no use any more");
            }
        }
        (await Notebook.ReadAsync(_folder.New("data"))).Keys.Should().BeEquivalentTo(Kept);
    }

    [Fact]
    public async Task A_copy_that_was_given_up_is_made_again_though_nothing_is_deleted_any_more()
    {
        using var pause = new PauseAfterCopy();
        await using var notebook = await OpenAsync(pause.At);
        var before = await FillAndEmptyAsync(notebook);
        await pause.Reached;
        var held = notebook.Database.HoldAsync(() => true);
        pause.End();
        (await held).Dispose();
        await notebook.AddAsync(new Note("later", "x", 1));

        // As the sweeper does.
        await Eventually.TrueAsync(async () =>
        {
            await notebook.Database.EraseDeletedAsync();
            return new FileInfo(notebook.Directory.DatabaseFile).Length < before / 2;
        });

        notebook.Current.Keys.Should().BeEquivalentTo([.. Kept, "later"]);
    }

    private static string[] Kept => [.. Enumerable.Range(0, Pages).Where(IsKept).Select(i => $"n{i}")];

    private static bool IsKept(int i) => i % 10 == 0;

    private Task<Notebook> OpenAsync(Action<string> step) =>
        Notebook.OpenAsync(
            _folder.New("data"),
            new DatabaseSettings
            {
                CompactFromPages = 100,
                CompactAgainAfter = TimeSpan.FromMilliseconds(50),
                CompactionStep = step,
            },
            _log
        );

    private Task CompactedAsync() =>
        Eventually.TrueAsync(() => _log.Entries.Any(entry => entry.Message.StartsWith("Compacted", StringComparison.Ordinal)));

    private void TakeImage(string step)
    {
        var image = _folder.CopyOf(_folder.New("data"), $"image-{step}");
        Directory.CreateDirectory(Path.Combine(image, "tmp"));
        foreach (var file in Directory.GetFiles(_folder.New("data/tmp")))
        {
            File.Copy(file, Path.Combine(image, "tmp", Path.GetFileName(file)));
        }
        _images.Add(image);
    }

    /// <returns>Bytes of the data file before nine tenths of it were deleted.</returns>
    private static async Task<long> FillAndEmptyAsync(Notebook notebook)
    {
        await Task.WhenAll(
            Enumerable.Range(0, Pages).Select(i => notebook.AddAsync(new Note($"n{i}", $"{Mark} n{i} " + new string('x', 6000), i)))
        );
        await Task.WhenAll(Enumerable.Range(0, Pages).Where(i => !IsKept(i)).Select(i => notebook.RemoveAsync($"n{i}")));
        await notebook.Database.EraseDeletedAsync();
        return new FileInfo(notebook.Directory.DatabaseFile).Length;
    }

    private static bool Shows(string path, string text)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes).Contains(text, StringComparison.Ordinal);
    }

    /// <summary>Holds a compaction when the rows are copied, and before the copy is placed.</summary>
    private sealed class PauseAfterCopy : IDisposable
    {
        private readonly TaskCompletionSource _reached = new();
        private readonly ManualResetEventSlim _end = new();

        public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromMinutes(1));

        public void At(string step)
        {
            if (step != "copied")
                return;
            _reached.TrySetResult();
            _end.Wait();
        }

        public void End() => _end.Set();

        public void Dispose() => _end.Dispose();
    }
}
