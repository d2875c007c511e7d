using Microsoft.Extensions.Logging;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class DataFileGrowthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_data_file_that_cannot_grow_loses_nothing_and_stops_nothing()
    {
        var settings = new DatabaseSettings { CheckpointPages = 40 };
        await using (var notebook = await Notebook.OpenAsync(_folder.New("data"), settings))
            for (var i = 0; i < 60; i++)
                await notebook.AddAsync(new Note($"early{i}", new string('x', 20_000), i));

        var log = new RememberingLogger<Database>();
        await using (var notebook = await Notebook.OpenAsync(_folder.New("data"), settings, log))
        {
            using (new FileSizeLimit(new FileInfo(notebook.Directory.DatabaseFile).Length))
            {
                for (var i = 0; i < 10; i++)
                {
                    await notebook.AddAsync(new Note($"late{i}", new string('x', 20_000), i));
                    await notebook.WaitUntilReadyAsync();
                }
                log.Entries.Should()
                    .Contain(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("could not be brought into the data file"));
                (await Notebook.ReadAsync(_folder.CopyOf(_folder.New("data"), "image"))).Should().HaveCount(70, "a kill now loses nothing");
            }
            notebook.Current.Should().HaveCount(70);
        }
        (await Notebook.ReadAsync(_folder.New("data"))).Should().HaveCount(70);
        new FileInfo(_folder.New("data/stories.log")).Length.Should().Be(0);
    }
}
