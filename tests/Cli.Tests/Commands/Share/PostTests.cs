using System.Security.Cryptography;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public class PostTests
{
    [Fact]
    public async Task Several_files_are_several_stories_in_order()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var photo = ana.WriteFile("photo.jpg", await TestMedia.JpegAsync());
        var clip = ana.WriteFile("clip.mp4", await TestMedia.Mp4Async());
        var note = ana.WriteFile("note.txt", "Hello\n");

        var ran = await ana.RunAsync("post", photo, clip, note, "--caption", "Three", "--tag", "a", "--tag", "b", "--ttl", "6h");

        ran.ExitCode.Should().Be(0);
        ran.Lines.Should().HaveCount(3).And.OnlyContain(line => Names.Id.IsMatch(line));
        ran.Error.Should()
            .Be(
                "Posted photo.jpg (image, 6h left).\nPosted clip.mp4 (video, 6h left).\nPosted note.txt (text, 6h left).\n"
                    .Replace("photo", Path.Combine(ana.Home, "photo"))
                    .Replace("clip", Path.Combine(ana.Home, "clip"))
                    .Replace("note", Path.Combine(ana.Home, "note"))
            );
        using var api = host.Client(ana.Environment["STORIES_TOKEN"]);
        var stories = (await api.Stories.ListAsync(new())).Items;
        stories.Select(story => story.Id).Should().Equal(ran.Lines.Reverse());
        stories.Select(story => story.Media.FileName).Should().Equal("note.txt", "clip.mp4", "photo.jpg");
        stories.Should().OnlyContain(story => story.Caption == "Three" && story.Tags.SequenceEqual(new[] { "a", "b" }));
        stories[0].Text.Should().Be("Hello\n");
    }

    [Fact]
    public async Task All_files_are_checked_before_the_first_is_sent()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var photo = ana.WriteFile("photo.jpg", await TestMedia.JpegAsync());
        var program = ana.WriteFile("program", [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]);
        var huge = ana.WriteFile("huge.csv", new string('x', 70_000));
        var empty = ana.WriteFile("empty.png", "");
        var full = ana.WriteFile("full.csv", new string('x', 65_537));

        (await ana.RunAsync("post", photo, program))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("has no supported type"));
        (await ana.RunAsync("post", photo, huge))
            .Should()
            .Match<Ran>(ran =>
                ran.ExitCode == 5 && ran.Error.Contains("is too large: text of 68.3 KiB, and the server takes at most 64 KiB.")
            );
        (await ana.RunAsync("post", photo, full)).Error.Should().Contain("text of 65537 B, and the server takes at most 64 KiB, 65536 B.");
        (await ana.RunAsync("post", photo, ana.Home))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.EndsWith("is a directory.\n"));
        (await ana.RunAsync("post", photo, empty))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("empty.png is empty."));
        (await ana.RunAsync("post", photo, "nowhere"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error == "stories: nowhere: no such file.\n");

        (await ana.RunAsync("list")).Out.Should().BeEmpty();
    }

    [Fact]
    public async Task Of_a_log_that_is_too_long_the_end_is_posted_and_it_is_said()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var log = ana.WriteFile("build.log", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:00000} line\n")));

        var ran = await ana.RunAsync("post", log);

        ran.ExitCode.Should().Be(0);
        ran.Error.Should()
            .MatchRegex(
                "build\\.log is longer than a text card\\. The first [0-9,]+ bytes were left out, and the story says so\\.\nPosted "
            );
        using var api = host.Client(ana.Environment["STORIES_TOKEN"]);
        var text = new StreamReader((await api.Media.OpenAsync(ran.Lines[0])).Content).ReadToEnd();
        text.Should().StartWith("[the first ").And.EndWith("19999 line\n");
    }

    [Theory]
    [InlineData(
        "{\"version\": 1, \"width\": 80, \"height\": 24, \"duration\": 1, \"stdout\": []}",
        "asciicast v1 recording; convert it first: asciinema convert"
    )]
    [InlineData("{\n  \"version\": 1,\n  \"width\": 80,\n  \"height\": 24,\n  \"stdout\": []\n}\n", "asciicast v1 recording")]
    [InlineData("{\"version\": 2, \"width\": 80}\n[0.1, \"o\", \"a\"]\n", "its first line is not a header of version 2 or 3")]
    public async Task A_recording_that_cannot_be_played_does_not_become_a_text_card(string cast, string says)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var ran = await ana.RunAsync("post", ana.WriteFile("old.json", cast));

        ran.Should().Match<Ran>(r => r.ExitCode == 5 && r.Error.Contains(says));
        (await ana.RunAsync("list")).Out.Should().BeEmpty();
    }

    [Fact]
    public async Task A_recording_with_a_mark_of_UTF_8_is_a_recording()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var ran = await ana.RunAsync(
            "post",
            ana.WriteFile("a.cast", "\uFEFF{\"version\": 2, \"width\": 80, \"height\": 24}\n[0.1, \"o\", \"a\"]\n")
        );

        ran.Error.Should().Contain("(recording, ");
    }

    [Fact]
    public void Arguments_that_are_not_UTF_8_are_found_by_their_bytes()
    {
        byte[] commandLine = [.. "dotnet\0stories.dll\0post\0"u8, 0xFF, .. ".png\0"u8, 0xFE, .. ".png\0a.png\0"u8];
        string[] arguments = ["stories.dll", "post", "\uFFFD.png", "\uFFFD.png", "a.png"];

        RawArguments.Match(arguments, commandLine, "\uFFFD.png", 0).Should().Equal(0xFF, (byte)'.', (byte)'p', (byte)'n', (byte)'g', 0);
        RawArguments.Match(arguments, commandLine, "\uFFFD.png", 1).Should().Equal(0xFE, (byte)'.', (byte)'p', (byte)'n', (byte)'g', 0);
        RawArguments.Match(arguments, commandLine, "\uFFFD.png", 2).Should().BeNull();
        RawArguments.Match(arguments, commandLine, "b.png", 0).Should().BeNull();
    }

    [Fact]
    public async Task A_pipe_is_read_like_stdin()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var pipe = await Pipe.MakeAsync(ana.Home);
        var writing = Task.Run(() => File.AppendAllTextAsync(pipe, "from <(cmd)\n"));

        var ran = await ana.RunAsync("post", pipe, "--json");

        await writing;
        Read(ran).Text.Should().Be("from <(cmd)\n");
    }

    [Fact]
    public async Task A_file_name_forges_no_line_of_ours()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var note = ana.WriteFile("a\nPosted b\tc.txt", "Hello\n");

        (await ana.RunAsync("post", note))
            .Error.Should()
            .EndWith("a Posted b c.txt (text, 24h left).\n")
            .And.Match(text => text.Count(c => c == '\n') == 1);
    }

    [Fact]
    public async Task Stdin_is_text_or_media_by_its_bytes()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var photo = await TestMedia.JpegAsync();

        var text = await ana.RunWithInputAsync("from a pipe\n", "post", "-", "--json");
        var media = await ana.RunWithInputAsync(photo, ["post", "-", "--json", "--slot", "build/main"]);

        Read(text).Text.Should().Be("from a pipe\n");
        Read(media).Should().Match<Story>(story => story.Kind == "image" && story.Slot == "build/main" && story.Media.FileName == null);
        ana.Environment["HOME"] = ana.Home;
        Directory.GetFiles(ana.Home).Should().BeEmpty("what was kept of stdin is gone");
    }

    [Fact]
    public async Task A_caption_of_the_greatest_length_arrives_whole()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var photo = ana.WriteFile("größe.jpg", await TestMedia.JpegAsync());
        var caption = string.Concat(Enumerable.Repeat("€", Limits.CaptionCharacters));

        var story = Read(await ana.RunAsync("post", photo, "--caption", caption, "--json"));

        story.Caption.Should().Be(caption);
        story.Media.FileName.Should().Be("größe.jpg");
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_told_with_limit_and_value()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var forPeople = await ana.RunAsync("post", "--text", "x", "--ttl", "31d");
        var forPrograms = await ana.RunAsync("post", "--text", "x", "--ttl", "31d", "--json");

        forPeople.ExitCode.Should().Be(5);
        forPeople.Error.Should().Contain("ttl").And.Contain("30d").And.Contain("31d");
        using var problem = JsonDocument.Parse(forPrograms.Error);
        problem.RootElement.GetProperty("code").GetString().Should().Be("invalid_request");
        problem.RootElement.GetProperty("traceId").GetString().Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_bar_is_drawn_for_eyes_only()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        ana.Clock = new HastyClock();
        var photo = ana.WriteFile("photo.jpg", await TestMedia.JpegAsync());

        (await ana.RunAsync("post", photo)).Error.Should().NotContain("\e");
        ana.HasErrorTerminal = true;
        (await ana.RunAsync("post", photo)).Error.Should().Contain("/s").And.Contain("100 %").And.Contain("\r\e[K");
        (await ana.RunAsync("post", photo, "--quiet")).Error.Should().BeEmpty();
        ana.Environment["TERM"] = "dumb";
        (await ana.RunAsync("post", photo)).Error.Should().NotContain("\e");
    }

    [Fact]
    public async Task The_bytes_that_arrive_are_those_of_the_file_but_for_its_metadata()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var clip = await TestMedia.Mp4Async();

        var story = Read(await ana.RunWithInputAsync(clip, ["post", "-", "--json"]));

        story.Media.Bytes.Should().Be(clip.Length);
        var saved = await ana.RunAsync("get", story.Id, "-o", "-");
        Convert.ToHexStringLower(SHA256.HashData(saved.OutBytes)).Should().Be(story.Media.Sha256);
    }

    private static Story Read(Ran ran)
    {
        ran.ExitCode.Should().Be(0, ran.Error);
        return JsonSerializer.Deserialize(ran.Out, ContractsJson.Default.Story)!;
    }

    /// <summary>Each look at it is a second later, so that everything takes long enough to be shown.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);
    }
}
