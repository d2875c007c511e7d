using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Cli.Running;

namespace StoriesCli.Cli.Tests.Running;

public sealed class CastFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stories-cast-");
    private readonly FakeTimeProvider _clock = new(new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_tells_what_was_shown_and_when_and_waits_no_longer_than_two_seconds()
    {
        using var file = Open(1 << 20);
        var recorder = new Recorder(file, new SecretMask([]), addsReturns: false, _clock);

        _clock.Advance(TimeSpan.FromSeconds(1.5));
        recorder.Add("é"u8[..1]);
        recorder.Add([.. "é"u8[1..], .. "\e[31m\"\\"u8]);
        _clock.Advance(TimeSpan.FromHours(3));
        recorder.Resize(100, 40);
        recorder.End();

        var lines = Read(file, 1 << 20);
        lines[0].GetRawText().Should().Be("""{"version":2,"width":80,"height":24,"timestamp":1795370400}""");
        lines[1].EnumerateArray().Select(part => part.ToString()).Should().Equal("1.500000", "o", "é\e[31m\"\\");
        lines[2].EnumerateArray().Select(part => part.ToString()).Should().Equal("3.500000", "r", "100x40");
    }

    [Fact]
    public void A_bare_new_line_is_shown_as_a_terminal_would()
    {
        using var file = Open(1 << 20);
        var recorder = new Recorder(file, new SecretMask([]), addsReturns: true, _clock);

        recorder.Add("a\nb\r"u8);
        recorder.Add("\nc\n"u8);
        recorder.End();

        string.Concat(Read(file, 1 << 20).Skip(1).Select(line => line[2].GetString())).Should().Be("a\r\nb\r\nc\r\n");
    }

    [Fact]
    public void What_does_not_fit_is_cut_from_the_front_and_the_rest_begins_at_once_in_the_size_it_had()
    {
        const int Limit = 20_000;
        using var file = Open(Limit);
        var recorder = new Recorder(file, new SecretMask([]), addsReturns: false, _clock);
        recorder.Resize(132, 43);
        for (var i = 0; i < 5_000; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            recorder.Add(Encoding.UTF8.GetBytes($"line {i}\r\n"));
            Directory
                .GetFiles(_folder.FullName, "*", SearchOption.AllDirectories)
                .Sum(path => new FileInfo(path).Length)
                .Should()
                .BeLessThan(3 * Limit);
        }
        recorder.End();

        var path = file.Make(Limit);
        new FileInfo(path).Length.Should().BeInRange(Limit / 2, Limit);
        var lines = Parse(path);
        lines[0].GetProperty("width").GetInt32().Should().Be(132);
        lines[0].GetProperty("height").GetInt32().Should().Be(43);
        lines[1][2].GetString().Should().Contain("are not in this recording");
        lines[2][0].GetDouble().Should().Be(0);
        lines[^1][2].GetString().Should().Be("line 4999\r\n");
        lines[^1][0].GetDouble().Should().BeApproximately(lines.Length - 3, 0.001);
    }

    [Fact]
    public void Nobody_else_can_read_it_and_nothing_stays()
    {
        using (var file = Open(1 << 20))
        {
            var made = file.Make(1 << 20);
            File.GetUnixFileMode(made).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Path.GetDirectoryName(made)!)
                .Should()
                .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        _folder.EnumerateFileSystemInfos().Should().BeEmpty();
    }

    private CastFile Open(long keptBytes) => new(_folder.FullName, (80, 24), keptBytes, _clock.GetUtcNow());

    private static JsonElement[] Read(CastFile file, long most) => Parse(file.Make(most));

    private static JsonElement[] Parse(string path) => [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)];
}
