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
