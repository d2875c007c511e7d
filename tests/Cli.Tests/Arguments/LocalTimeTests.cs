using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Arguments;

public sealed class LocalTimeTests
{
    // Central Europe's rules, whatever the machine knows: summer time from the last Sunday of March to the last of October.
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.CreateCustomTimeZone(
        "Test/Berlin",
        TimeSpan.FromHours(1),
        null,
        null,
        null,
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue.Date,
                DateTime.MaxValue.Date,
                TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)
            ),
        ]
    );

    [Theory]
    [InlineData("2026-11-29", "2026-11-28T23:00:00Z")]
    [InlineData("2026-07-01", "2026-06-30T22:00:00Z")]
    [InlineData("2026-11-29T18:00", "2026-11-29T17:00:00Z")]
    [InlineData("2026-11-29 18:00:05", "2026-11-29T17:00:05Z")]
    [InlineData("2026-11-29T18:00:00.25", "2026-11-29T17:00:00.25Z")]
    [InlineData("2026-11-29T18:00:00Z", "2026-11-29T18:00:00Z")]
    [InlineData("2026-11-29T18:00:00+05:30", "2026-11-29T12:30:00Z")]
    // Skipped by the clock: half past two is half past three.
    [InlineData("2026-03-29T02:30", "2026-03-29T01:30:00Z")]
    // Shown twice: the first for a beginning, the second for an end.
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    public void A_time_without_a_zone_is_of_the_persons_clock(string text, string since, string? until = null)
    {
        LocalTime.Parse(text, Berlin, isEnd: false).Should().Be(At(since));
        LocalTime.Parse(text, Berlin, isEnd: true).Should().Be(At(until ?? since));
    }

    [Theory]
    [InlineData("24h")]
    [InlineData("yesterday")]
    [InlineData("2026-02-30")]
    [InlineData("0001-01-01")]
    [InlineData("")]
    public void What_is_no_time_is_none(string text) => LocalTime.Parse(text, Berlin, isEnd: false).Should().BeNull();

    [Fact]
    public async Task Lists_and_digests_begin_and_mutes_end_by_the_persons_clock()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        await host.JoinAsync("bob");
        ana.Zone = Berlin;
        // It is 18:00 in UTC, 19:00 in Berlin.
        var id = (await ana.RunAsync("post", "--text", "x", "--quiet")).Out.Trim();

        (await ana.RunAsync("list", "--since", "2026-11-22", "--quiet")).Out.Trim().Should().Be(id);
        (await ana.RunAsync("list", "--since", "2026-11-22T18:59", "--quiet")).Out.Trim().Should().Be(id);
        (await ana.RunAsync("list", "--since", "2026-11-22T19:01", "--quiet")).Out.Should().BeEmpty();
        (await ana.RunAsync("list", "--since", "2026-11-22T17:59:00Z", "--quiet")).Out.Trim().Should().Be(id);
        (await ana.RunAsync("digest", "--since", "2026-11-22", "--quiet")).Out.Trim().Should().Be(id);
        (await ana.RunAsync("mute", "bob", "--until", "2026-11-23"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Error.Contains("2026-11-22 23:00"));
        (await ana.RunAsync("list", "--since", "yesterday")).ExitCode.Should().Be(5);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
