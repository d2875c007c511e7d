using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class OptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_flag_wins_over_the_environment_and_that_over_the_file()
    {
        File.WriteAllText(Path.Combine(_folder, "server.json"), """{ "min-ttl": "1m", "max-ttl": "2d", "quota-account": "1GiB" }""");

        var (options, faults) = Read(
            new() { ["min-ttl"] = "3m" },
            new() { ["STORIES_SERVER_MIN_TTL"] = "2m", ["STORIES_SERVER_MAX_TTL"] = "4d" }
        );

        faults.Should().BeEmpty();
        options!.MinTtl.Should().Be(TimeSpan.FromMinutes(3));
        options.MaxTtl.Should().Be(TimeSpan.FromDays(4));
        options.QuotaAccountBytes.Should().Be(1L << 30);
    }

    [Fact]
    public void All_faults_are_told_at_once_and_where_they_come_from()
    {
        File.WriteAllText(Path.Combine(_folder, "server.json"), """{ "min-tll": "1m" }""");

        var (options, faults) = Read(new() { ["listen"] = "ftp://x" }, new() { ["STORIES_SERVER_QUOTA_TOTAL"] = "much" });

        options.Should().BeNull();
        faults.Should().HaveCount(3);
        faults.Should().Contain(f => f.StartsWith("--listen", StringComparison.Ordinal) && f.Contains("ftp://x"));
        faults.Should().Contain(f => f.StartsWith("STORIES_SERVER_QUOTA_TOTAL", StringComparison.Ordinal) && f.Contains("much"));
        faults.Should().Contain(f => f.Contains("min-tll"));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("1000000", true)]
    [InlineData("0", false)]
    [InlineData("1000001", false)]
    [InlineData("many", false)]
    public void A_post_rate_is_a_whole_number_from_1(string rate, bool isTaken)
    {
        var (options, faults) = Read(new() { ["post-rate"] = rate }, []);

        (options?.PostRate.ToString(System.Globalization.CultureInfo.InvariantCulture)).Should().Be(isTaken ? rate : null);
        string.Concat(faults).Should().Be(isTaken ? "" : $"--post-rate must be 1 to 1000000, was \"{rate}\"");
    }

    [Fact]
    public void A_variable_that_is_no_option_is_told_and_those_of_others_are_not() =>
        Read(
            [],
            new()
            {
                ["STORIES_SERVER_MAX_TLL"] = "1d",
                ["STORIES_TOKEN"] = "x",
                ["HOME"] = "/",
            }
        )
            .Faults.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("STORIES_SERVER_MAX_TLL");

    [Theory]
    [InlineData("660", true)]
    [InlineData("0660", false)]
    [InlineData("rw-", false)]
    public void The_mode_of_a_socket_is_three_octal_digits(string mode, bool taken) =>
        Read(new() { ["listen-mode"] = mode }, []).Faults.Count.Should().Be(taken ? 0 : 1);

    [Theory]
    [InlineData("http://0.0.0.0:7867", "http://127.0.0.1:7867")]
    [InlineData("http://[::]:7867", "http://127.0.0.1:7867")]
    [InlineData("https://*:8443", "https://127.0.0.1:8443")]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000")]
    [InlineData("unix:/run/stories.sock", "ADDRESS")]
    [InlineData("http://unix:/run/stories.sock", "ADDRESS")]
    [InlineData("http://127.0.0.1:0", "ADDRESS")]
    public void The_address_that_people_are_told_is_one_that_can_be_used(string listening, string told)
    {
        var (options, _) = Read([], []);

        options!.UrlForPeople([listening]).Should().Be(told);
        (options with { BaseUrl = new("https://stories.example/") }).UrlForPeople([listening]).Should().Be("https://stories.example");
    }

    /// <summary>For each option: what its error must name, and values that it must refuse.</summary>
    private static readonly Dictionary<string, (string Named, string[] Refused)> OutOfRange = new()
    {
        ["data"] = ("must name a directory", ["\0"]),
        ["database"] = (
            "postgres://USER@HOST:PORT/DATABASE",
            ["db", "mysql://db/stories", "postgres://db", "postgres://db:99999999/stories"]
        ),
        ["listen"] = ("port 0 to 65535", ["http://127.0.0.1:65536", "http://127.0.0.1:99999999999", "unix:run/x.sock", "127.0.0.1"]),
        ["listen-mode"] = ("000 to 777", ["888", "1777", "-1", "rw-"]),
        ["base-url"] = ("port of 1 to 65535", ["https://stories.example:65536", "stories.example"]),
        ["tls-certificate"] = ("which cannot be used: no such file", ["/nowhere.pem"]),
        ["tls-key"] = ("which cannot be used: it is a directory", ["/"]),
        ["trusted-proxy"] = ("/0 to /32, and /0 to /128 of IPv6", ["10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "all"]),
        ["metrics-listen"] = ("port 0 to 65535", ["http://127.0.0.1:65536", "https://127.0.0.1:1"]),
        ["listen-peers"] = ("the other servers can reach", ["http://0.0.0.0:7868", "http://10.1.2.3:0"]),
        ["peer-secret-file"] = ("which cannot be used: no such file", ["/nowhere"]),
        ["min-ttl"] = ("1s to 36500d", Durations),
        ["max-ttl"] = ("1s to 36500d", Durations),
        ["default-ttl"] = ("1s to 36500d", Durations),
        ["thread-retention"] = ("1h to 90d", Durations),
        ["token-lifetime"] = ("1h to 365d", Durations),
        ["max-image-bytes"] = ("0 to 8388607TiB", Sizes),
        ["max-video-bytes"] = ("0 to 8388607TiB", Sizes),
        ["max-video-duration"] = ("1s to 36500d", Durations),
        ["max-audio-bytes"] = ("0 to 8388607TiB", Sizes),
        ["max-audio-duration"] = ("1s to 36500d", Durations),
        ["max-recording-bytes"] = ("0 to 8388607TiB", Sizes),
        ["post-rate"] = ("1 to 1000000", ["0", "1000001", "99999999999999999999", "-1", "1.5"]),
        ["quota-total"] = ("0 to 8388607TiB", Sizes),
        ["quota-account"] = ("0 to 8388607TiB", Sizes),
        ["disk-floor"] = ("0 to 8388607TiB", Sizes),
        ["media-check"] = ("1m to 90d", Durations),
        ["media"] = ("s3://BUCKET/PREFIX", ["bucket/prefix", "s3://", "s3://UPPER", "s3://bucket/../other", "s3://bucket//x"]),
        ["media-cache"] = ("0 to 8388607TiB", Sizes),
        ["s3-endpoint"] = ("port of 1 to 65535", ["https://s3.example:65536", "s3.example"]),
        ["s3-region"] = ("64 letters, digits and dashes", ["eu central", "eu/central"]),
        ["s3-credentials"] = ("which cannot be used: it is a pipe or a device", ["/dev/zero"]),
        ["s3-versioned"] = ("one of refuse, accept", ["yes"]),
        ["backup-every"] = ("10m to 90d", Durations),
        ["backup-keep"] = ("1 to 1000", ["0", "1001", "-1", "all"]),
        ["backup-to"] = ("s3://BUCKET/PREFIX", ["s3://", "s3://UPPER"]),
        ["vips-library"] = ("which cannot be used: it is a pipe or a device", ["/dev/zero"]),
        ["ffmpeg"] = ("off, auto or the path", ["/nowhere", "/", "on"]),
        ["heic"] = ("off, auto or the path", ["/nowhere", "/", "on"]),
        ["webhook-allow"] = ("/0 to /32, and /0 to /128 of IPv6", ["10.0.0.0/33", "all"]),
        ["log-level"] = ("one of verbose, debug, information, warning, error", ["trace", "Information"]),
        ["log-format"] = ("one of text, json", ["xml"]),
        ["log-requests"] = ("one of slow, all", ["none"]),
        ["log-file"] = ("must name a file", ["\0"]),
    };

    private static string[] Durations => ["0s", "-1s", "36501d", "99999999999999999999d", "soon", "1M", "5"];
    private static string[] Sizes => ["8388608TiB", "9223372036854775807", "99999999999999999999999", "-1", "1.5GiB", "1GB", "much"];

    public static TheoryData<string> Options => [.. OptionTable.All.Select(option => option.Name)];

    [Theory]
    [MemberData(nameof(Options))]
    public void Each_option_names_its_range_and_what_it_got(string option)
    {
        OutOfRange.Should().ContainKey(option, "an option says what it takes");
        var (named, refused) = OutOfRange[option];
        foreach (var value in refused)
        {
            var (options, faults) = new OptionReader(
                new Dictionary<string, string> { ["data"] = _folder, [option] = value },
                new Dictionary<string, string>()
            ).Read();

            options.Should().BeNull(value);
            var seen = $"\"{value.Replace("\0", "", StringComparison.Ordinal)}\"";
            faults
                .Should()
                .Contain(fault =>
                    fault.StartsWith($"--{option} ", StringComparison.Ordinal) && fault.Contains(named) && fault.Contains(seen)
                );
        }
    }

    [Theory]
    [InlineData("{\n  \"min-ttl\": \"1m\",\n  oops\n}", "server.json cannot be used: not JSON: unexpected 'o' at line 3, column 3")]
    [InlineData("{ \"log-file\": \"äöü\" \"x\" }", "server.json cannot be used: not JSON: unexpected '\"' at line 1, column 21")]
    [InlineData("{ \"min-ttl\": \"1m", "server.json cannot be used: not JSON: it ends too early at line 1")]
    [InlineData("", "server.json cannot be used: not JSON: it ends too early at line 1, column 1")]
    [InlineData("[1]", "server.json must hold one object")]
    [InlineData("{ \"min-ttl\": \"1m\", \"min-ttl\": \"2m\" }", "server.json: min-ttl stands there twice")]
    [InlineData("{ \"log-file\": null }", "server.json: log-file must be a text or a number, was null")]
    [InlineData("{ \"min-ttl\": { \"a\": 1 } }", "server.json: min-ttl must be a text or a number, was { \"a\": 1 }")]
    [InlineData("{ \"log-file\": \"\\ud800\" }", "server.json cannot be used: a name or a text in it has half a character")]
    public void Faults_of_the_file_are_told_in_our_words(string json, string fault)
    {
        File.WriteAllText(Path.Combine(_folder, "server.json"), json);

        Read([], []).Faults.Should().ContainSingle().Which.Should().StartWith(fault);
    }

    [Fact]
    public void The_file_has_a_limit_and_may_begin_with_a_mark()
    {
        var file = Path.Combine(_folder, "server.json");
        File.WriteAllText(file, """{ "post-rate": 7 }""".PadRight(64 * 1024));
        Read([], []).Options!.PostRate.Should().Be(7);

        File.AppendAllText(file, " ");
        Read([], [])
            .Faults.Should()
            .ContainSingle()
            .Which.Should()
            .Be("server.json cannot be used: it has 65,537 bytes, and may have 65,536");

        File.WriteAllText(file, """{ "post-rate": 8 }""", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Read([], []).Options!.PostRate.Should().Be(8);
    }

    [Fact]
    public void A_directory_in_the_place_of_the_file_is_told_as_one()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "server.json"));

        Read([], []).Faults.Should().Equal("server.json cannot be read: it is a directory");
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_no_missing_file()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "server.json"), "/nowhere/server.json");

        Read([], []).Faults.Should().ContainSingle().Which.Should().StartWith("server.json cannot be read: ");
    }

    [Fact]
    public void Lifetimes_that_contradict_each_other_are_named()
    {
        Read(new() { ["min-ttl"] = "40d" }, []).Faults.Should().Equal("--min-ttl must not be longer than --max-ttl, 30d, was 40d");
        Read(new() { ["default-ttl"] = "40d" }, [])
            .Faults.Should()
            .Equal("--default-ttl must be 5m to 30d, as --min-ttl and --max-ttl say, was 40d");
    }

    [Fact]
    public void A_shorter_longest_lifetime_moves_the_default_with_it()
    {
        Read(new() { ["max-ttl"] = "1h" }, []).Options!.DefaultTtl.Should().Be(TimeSpan.FromHours(1));
        Read(new() { ["max-ttl"] = "1h", ["default-ttl"] = "2h" }, [])
            .Faults.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("--default-ttl");
    }

    [Theory]
    [InlineData("59m", false)]
    [InlineData("1h", true)]
    [InlineData("90d", true)]
    [InlineData("91d", false)]
    public void Threads_are_kept_for_no_longer_than_it_is_known_who_could_see_them(string retention, bool taken)
    {
        var (options, faults) = Read(new() { ["thread-retention"] = retention }, []);

        (options is not null).Should().Be(taken);
        faults.Count(f => f.Contains("1h to 90d") && f.Contains(retention)).Should().Be(taken ? 0 : 1);
    }

    [Theory]
    [InlineData("10.1.2.0/24,127.0.0.1", 2)]
    [InlineData("fd00::/8", 1)]
    [InlineData("10.1.2.3/33", 0)]
    [InlineData("everything", 0)]
    public void Webhooks_are_allowed_networks_and_addresses(string allowed, int networks)
    {
        var (options, faults) = Read(new() { ["webhook-allow"] = allowed }, []);

        (options?.WebhookAllow.Count ?? 0).Should().Be(networks);
        faults.Count(fault => fault.Contains(allowed)).Should().Be(networks == 0 ? 1 : 0);
    }

    private (ServerOptions? Options, IReadOnlyList<string> Faults) Read(
        Dictionary<string, string> flags,
        Dictionary<string, string> environment
    ) => new OptionReader(new Dictionary<string, string>(flags) { ["data"] = _folder }, environment).Read();
}
