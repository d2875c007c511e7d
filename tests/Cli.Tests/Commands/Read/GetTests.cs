using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Read;

public sealed class GetTests : CommandTests
{
    private byte[] _media = [];
    private Story _story = null!;

    private protected override bool HasBob => false;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var clip = _ana.WriteFile("clip.mp4", await TestMedia.Mp4Async());
        var id = (await _ana.RunAsync("post", clip, "--quiet")).Out.Trim();
        _story = await Api.Stories.GetAsync(id);
        _media = (await _ana.RunAsync("get", id, "-o", "-")).OutBytes;
    }

    private ApiClient Api => _host.Client(_ana.Environment["STORIES_TOKEN"]);

    [Fact]
    public async Task The_file_is_saved_whole_and_its_path_printed()
    {
        var path = Path.Combine(_ana.Home, "saved.mp4");

        var ran = await _ana.RunAsync("get", _story.Id, "-o", path);

        ran.Out.Should().Be(path + "\n");
        File.ReadAllBytes(path).Should().Equal(_media);
    }

    [Fact]
    public async Task A_directory_gets_the_storys_own_file_name()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_ana.Home, "saved")).FullName;

        (await _ana.RunAsync("get", _story.Id, "-o", folder)).ExitCode.Should().Be(0);

        Directory.GetFiles(folder).Should().Equal(Path.Combine(folder, "clip.mp4"));
    }

    [Fact]
    public async Task In_a_directory_each_of_several_stories_with_one_file_name_has_a_file_of_its_own()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_ana.Home, "saved")).FullName;
        var other = (await _ana.RunAsync("post", _ana.WriteFile("clip.mp4", await TestMedia.Mp4Async()), "--quiet")).Out.Trim();

        var first = await _ana.RunAsync("get", _story.Id, "-o", folder);
        var second = await _ana.RunAsync("get", other, "-o", folder);
        var again = await _ana.RunAsync("get", other, "-o", folder);

        first.Out.Should().Be(Path.Combine(folder, "clip.mp4") + "\n");
        second.Out.Should().Be(Path.Combine(folder, $"clip-{other}.mp4") + "\n");
        again.ExitCode.Should().Be(5, "it is there, whole");
        Directory.GetFiles(folder).Should().HaveCount(2);
        (await _ana.RunAsync("get", other, "-o", Path.Combine(folder, "clip.mp4")))
            .ExitCode.Should()
            .Be(5, "a file that was named is no other");
    }

    [Fact]
    public async Task Saving_everything_twice_saves_nothing_twice()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_ana.Home, "saved")).FullName;
        var text = (await _ana.RunAsync("post", "--text", "a card", "--quiet")).Out.Trim();
        var twin = (await _ana.RunAsync("post", Path.Combine(_ana.Home, "clip.mp4"), "--quiet")).Out.Trim();
        string[] ids = [_story.Id, text, twin];

        foreach (var id in ids)
        {
            (await _ana.RunAsync("get", id, "-o", folder)).ExitCode.Should().Be(0);
        }
        foreach (var id in ids)
        {
            (await _ana.RunAsync("get", id, "-o", folder))
                .Should()
                .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("exists already"));
        }

        Directory.GetFiles(folder).Select(Path.GetFileName).Should().BeEquivalentTo("clip.mp4", $"clip-{twin}.mp4", $"{text}.txt");
    }

    [Fact]
    public async Task What_a_killed_command_left_goes_a_day_later_and_nothing_else_does()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_ana.Home, "saved")).FullName;
        string Make(string name, int daysAgo)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, "x");
            File.SetLastWriteTimeUtc(path, _host.Clock.GetUtcNow().UtcDateTime - TimeSpan.FromDays(daysAgo));
            return path;
        }
        var old = Make(".clip.mp4.0123456789ab.part", 2);
        var bare = Make(".0123456789ab.part", 2);
        string[] kept =
        [
            Make(".new.mp4.0123456789ab.part", 0),
            Make("clip.0123456789ab.part", 2),
            Make(".download.mp4.part", 2),
            Make(".clip.mp4.0123456789ab", 2),
            Make(".held.mp4.0123456789ab.part", 2),
        ];
        using var held = new FileStream(kept[^1], FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        (await _ana.RunAsync("get", _story.Id, "-o", folder)).ExitCode.Should().Be(0);

        File.Exists(old).Should().BeFalse();
        File.Exists(bare).Should().BeFalse();
        Directory.GetFiles(folder).Should().BeEquivalentTo([.. kept, Path.Combine(folder, "clip.mp4")]);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_named()
    {
        var ran = await _ana.RunAsync("get", _story.Id, "-o", "/nonexistent/clip.mp4");

        ran.ExitCode.Should().Be(2);
        ran.Error.Should().Be("stories: /nonexistent: no such directory.\n");
    }

    [Fact]
    public async Task A_file_that_exists_is_replaced_only_on_demand()
    {
        var path = _ana.WriteFile("mine.mp4", "mine");

        var refused = await _ana.RunAsync("get", _story.Id, "-o", path);

        refused.ExitCode.Should().Be(5);
        refused.Error.Should().Be($"stories: {path} exists already: --force replaces it, -o names another file.\n");
        File.ReadAllText(path).Should().Be("mine");
        (await _ana.RunAsync("get", _story.Id, "-o", path, "--force")).ExitCode.Should().Be(0);
        File.ReadAllBytes(path).Should().Equal(_media);
    }

    [Fact]
    public async Task A_link_stays_one_and_what_it_names_is_replaced()
    {
        var target = _ana.WriteFile("target.mp4", "mine");
        var link = Path.Combine(_ana.Home, "link.mp4");
        File.CreateSymbolicLink(link, target);

        (await _ana.RunAsync("get", _story.Id, "-o", link)).ExitCode.Should().Be(5);
        (await _ana.RunAsync("get", _story.Id, "-o", link, "--force")).Out.Should().Be(link + "\n");

        new FileInfo(link).LinkTarget.Should().Be(target);
        File.ReadAllBytes(target).Should().Equal(_media);
    }

    [Fact]
    public async Task A_device_is_written_into()
    {
        var link = Path.Combine(_ana.Home, "null");
        File.CreateSymbolicLink(link, "/dev/null");

        (await _ana.RunAsync("get", _story.Id, "-o", "/dev/null"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == "/dev/null\n");
        (await _ana.RunAsync("get", _story.Id, "-o", link, "--force")).ExitCode.Should().Be(0);

        new FileInfo(link).LinkTarget.Should().Be("/dev/null");
        File.ReadAllBytes("/dev/null").Should().BeEmpty("it is still the device");
    }

    [Fact]
    public async Task A_pipe_gets_the_bytes()
    {
        var pipe = await Pipe.MakeAsync(_ana.Home);
        var reading = Task.Run(() => File.ReadAllBytesAsync(pipe));

        (await _ana.RunAsync("get", _story.Id, "-o", pipe)).ExitCode.Should().Be(0);

        (await reading).Should().Equal(_media);
    }

    [Fact]
    public void A_name_that_begins_with_a_dash_is_printed_as_no_option() => SavedFile.ChoosePath("-rf.mp4", null).Should().Be("./-rf.mp4");

    [Fact]
    public async Task What_an_earlier_try_left_is_gone_on_from()
    {
        var path = Path.Combine(_ana.Home, "saved.mp4");
        var part = _ana.WriteFile($".saved.mp4.{_story.Media.Sha256[..12]}.part", _media[..1000]);

        (await _ana.RunAsync("get", _story.Id, "-o", path)).ExitCode.Should().Be(0);

        File.ReadAllBytes(path).Should().Equal(_media);
        File.Exists(part).Should().BeFalse();
    }

    [Fact]
    public async Task A_damaged_beginning_is_found_out_and_thrown_away()
    {
        var path = Path.Combine(_ana.Home, "saved.mp4");
        var part = _ana.WriteFile($".saved.mp4.{_story.Media.Sha256[..12]}.part", new byte[1000]);

        var ran = await _ana.RunAsync("get", _story.Id, "-o", path);

        ran.ExitCode.Should().Be(1);
        ran.Error.Should().StartWith("stories: The downloaded media are damaged");
        File.Exists(path).Should().BeFalse();
        File.Exists(part).Should().BeFalse();
    }

    [Fact]
    public async Task Being_interrupted_leaves_no_half_file()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_ana.Home, "saved")).FullName;
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        var ran = await _ana.RunWithInputAsync([], ["get", _story.Id, "-o", folder], interrupt.Token);

        ran.ExitCode.Should().Be(130);
        Directory.GetFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public async Task Pictures_and_videos_are_not_thrown_at_a_terminal()
    {
        _ana.HasTerminal = true;

        var ran = await _ana.RunAsync("get", _story.Id, "-o", "-");

        ran.ExitCode.Should().Be(2);
        ran.Out.Should().BeEmpty();
    }

    [Fact]
    public async Task A_target_that_cannot_be_is_named()
    {
        (await _ana.RunAsync("get", _story.Id, "-o", ""))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.StartsWith("stories: --output is empty."));
        var ran = await _ana.RunAsync("get", _story.Id, "-o", "/proc/clip.mp4");

        ran.ExitCode.Should().BeOneOf(1, 2);
        ran.Error.Should().NotContain("unexpected");
    }
}
