using Microsoft.Extensions.Logging;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Tests.Storage;

public sealed class LogDamageTests : IDisposable
{
    private const int Frame = PageFrame.Bytes;
    private const int Commits = 25;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("flip")]
    [InlineData("zero page")]
    [InlineData("garbage tail")]
    [InlineData("truncation")]
    [InlineData("swapped frames")]
    public async Task A_damaged_log_gives_an_exact_prefix_of_the_commits(string damage)
    {
        var random = new Random(damage.Length);
        var original = await WriteAsync();
        for (var round = 0; round < 12; round++)
        {
            var copy = _folder.CopyOf(original, "opened");
            await AlterLogAsync(copy, bytes => Damage(bytes, damage, random));

            var found = (await Notebook.ReadAsync(copy)).Values.OrderBy(note => note.Number).ToList();
            found.Should().Equal(Enumerable.Range(0, found.Count).Select(i => new Note($"{i}", TextOf(i), i)));
            if (damage == "garbage tail")
                found.Should().HaveCount(Commits, "what lies behind the log takes nothing from it");
        }
    }

    [Fact]
    public async Task Damage_in_the_middle_is_reported_as_an_error_and_a_torn_end_is_not()
    {
        var original = await WriteAsync();
        var middle = _folder.CopyOf(original, "middle");
        await AlterLogAsync(middle, bytes => Flip(bytes, bytes.Length / 2));
        var torn = _folder.CopyOf(original, "torn");
        await AlterLogAsync(torn, bytes => [.. bytes, .. bytes[..(Frame / 2)]]);

        (await LevelsOnOpeningAsync(middle)).Should().Contain(LogLevel.Error);
        (await LevelsOnOpeningAsync(torn)).Should().NotContain(level => level >= LogLevel.Warning);
        (await LevelsOnOpeningAsync(original)).Should().NotContain(level => level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_damaged_first_frame_is_reported_too_and_the_damaged_log_is_kept()
    {
        var original = await WriteAsync();
        await AlterLogAsync(original, bytes => Flip(bytes, 100));
        var damaged = await File.ReadAllBytesAsync(System.IO.Path.Combine(original, "stories.log"));

        (await LevelsOnOpeningAsync(original)).Should().Contain(LogLevel.Error);
        (await File.ReadAllBytesAsync(System.IO.Path.Combine(original, "stories.log.damaged"))).Should().Equal(damaged);
    }

    [Fact]
    public async Task Frames_of_before_a_checkpoint_are_not_taken_for_newer_ones()
    {
        var old = Array.Empty<byte>();
        var watch = new LogWatch
        {
            Before = (step, file) =>
            {
                if (step == LogStep.SetLength)
                    old = File.ReadAllBytes(file.Path);
            },
        };
        await using var notebook = await Notebook.OpenAsync(
            _folder.New("data"),
            new DatabaseSettings { OpenLogFile = watch.Open, CheckpointPages = 50 }
        );
        old = [];
        for (var i = 0; old.Length == 0; i++)
            await notebook.PutAsync(new Note("0", $"before {i}"));
        await notebook.PutAsync(new Note("0", "after"));
        var image = _folder.CopyOf(_folder.New("data"), "image");
        await AlterLogAsync(image, recent => [.. recent, .. old[recent.Length..]]);

        (await Notebook.ReadAsync(image))["0"].Text.Should().Be("after");
    }

    [Fact]
    public async Task The_log_stays_within_its_bound()
    {
        const int bound = 100;
        var longest = 0L;
        var watch = new LogWatch { Before = (_, file) => longest = Math.Max(longest, file.Length) };
        await using var notebook = await Notebook.OpenAsync(
            _folder.New("data"),
            new DatabaseSettings { OpenLogFile = watch.Open, CheckpointPages = bound }
        );
        for (var i = 0; i < 200; i++)
            await notebook.AddAsync(new Note($"{i}", "x", i));

        longest.Should().BeInRange(bound * Frame, (bound + 40) * Frame, "a checkpoint follows the commit that passes the bound");
    }

    private static async Task AlterLogAsync(string directory, Func<byte[], byte[]> alter)
    {
        var log = System.IO.Path.Combine(directory, "stories.log");
        await File.WriteAllBytesAsync(log, alter(await File.ReadAllBytesAsync(log)));
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    // Long enough that damage at any place is likely to hit one.
    private static string TextOf(long number) => new((char)('a' + number), 9000);

    private static async Task<IEnumerable<LogLevel>> LevelsOnOpeningAsync(string directory)
    {
        var log = new RememberingLogger<Database>();
        await using var notebook = await Notebook.OpenAsync(directory, log: log);
        return log.Entries.Select(entry => entry.Level);
    }

    private static byte[] Damage(byte[] log, string kind, Random random)
    {
        var frame = random.Next(log.Length / Frame) * Frame;
        switch (kind)
        {
            case "flip":
                log[random.Next(log.Length)] ^= (byte)(1 << random.Next(8));
                return log;
            case "zero page":
                log.AsSpan(frame, Frame).Clear();
                return log;
            case "garbage tail":
                var tail = new byte[random.Next(3 * Frame)];
                random.NextBytes(tail);
                return [.. log, .. tail];
            case "swapped frames":
                var moved = log.AsSpan(frame, Frame).ToArray();
                log.AsSpan(0, Frame).CopyTo(log.AsSpan(frame));
                moved.CopyTo(log, 0);
                return log;
            default:
                return log[..random.Next(log.Length)];
        }
    }

    // Copies while the database is open and idle, so that the commits are in the log.
    private async Task<string> WriteAsync()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        for (var i = 0; i < Commits; i++)
            await notebook.AddAsync(new Note($"{i}", TextOf(i), i));
        return _folder.CopyOf(_folder.New("data"), "original");
    }
}
