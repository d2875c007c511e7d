using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>
/// Copies the directory before each step of the log, on the thread that makes the step: the copy holds what a kill would leave.
/// For a power cut, it also damages what was not flushed.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogWatch _watch = new();
    private readonly List<(string Path, string[] Acknowledged)> _images = [];
    private readonly List<string> _acknowledged = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_was_acknowledged_survives_a_kill_at_any_step(int seed)
    {
        var random = new Random(seed);
        await WriteAsync(
            (_, _) =>
            {
                if (random.Next(40) == 0)
                    TakeImage();
            }
        );
        await VerifyImagesAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task What_was_acknowledged_survives_a_power_cut_at_any_step(int seed)
    {
        var random = new Random(seed);
        await WriteAsync(
            (_, file) =>
            {
                if (random.Next(40) == 0)
                    Damage(System.IO.Path.Combine(TakeImage(), "stories.log"), file.FlushedBytes, random);
            }
        );
        await VerifyImagesAsync();
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_checkpoint_torn_by_a_power_cut_is_made_whole_from_the_log(int seed)
    {
        var random = new Random(seed);
        var before = Array.Empty<byte>();
        await WriteAsync(
            (step, file) =>
            {
                var data = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file.Path)!, "stories.db");
                if (step != LogStep.SetLength)
                    return;
                var image = System.IO.Path.Combine(TakeImage(), "stories.db");
                var after = File.ReadAllBytes(image);
                if (before.Length > 0)
                    File.WriteAllBytes(image, Mix(before, after, random));
                before = after;
            }
        );
        await VerifyImagesAsync();
    }

    private async Task WriteAsync(Action<LogStep, WatchedLogFile> before)
    {
        await using var notebook = await Notebook.OpenAsync(
            _folder.New("data"),
            new DatabaseSettings { OpenLogFile = _watch.Open, CheckpointPages = 60 }
        );
        _watch.Before = before;
        await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(async writer =>
                {
                    for (var i = 0; i < 40; i++)
                    {
                        var id = $"{writer}-{i}";
                        await notebook.AddAsync(new Note(id, new string('t', i * 37 % 3000), i), () => _acknowledged.Add(id));
                    }
                })
        );
        _watch.Before = null;
    }

    private string TakeImage()
    {
        var image = _folder.CopyOf(_folder.New("data"), $"image{_images.Count}");
        _images.Add((image, [.. _acknowledged]));
        return image;
    }

    private async Task VerifyImagesAsync()
    {
        _images.Should().NotBeEmpty();
        foreach (var (path, acknowledged) in _images)
        {
            var found = await Notebook.ReadAsync(_folder.CopyOf(path, "opened"));
            acknowledged.Except(found.Keys).Should().BeEmpty("{0} was taken after they were acknowledged", path);
            foreach (var note in found.Values)
                note.Text.Length.Should().Be((int)note.Number * 37 % 3000);
        }
    }

    // Sectors that were not flushed may be complete, zero, garbage or missing, in any combination.
    private static void Damage(string log, long flushed, Random random)
    {
        var bytes = File.ReadAllBytes(log);
        for (var at = (int)flushed; at < bytes.Length; at += 512)
        {
            var sector = bytes.AsSpan(at, Math.Min(512, bytes.Length - at));
            switch (random.Next(4))
            {
                case 0:
                    sector.Clear();
                    break;
                case 1:
                    random.NextBytes(sector);
                    break;
                default:
                    break;
            }
        }
        File.WriteAllBytes(log, bytes[..random.Next((int)flushed, bytes.Length + 1)]);
    }

    private static byte[] Mix(byte[] before, byte[] after, Random random)
    {
        var mixed = after[..random.Next(before.Length, after.Length + 1)];
        for (var at = 0; at < before.Length; at += 512)
            if (random.Next(2) == 0)
                before.AsSpan(at, 512).CopyTo(mixed.AsSpan(at));
        return mixed;
    }
}
