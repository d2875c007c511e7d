using StoriesCli.Contracts;

namespace StoriesCli.Server.Tests.Http;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("7d", 604_800)]
    [InlineData("PT6H", 21_600)]
    [InlineData("P1DT2H3M4S", 93_784)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("PT1.5H", 5400)]
    [InlineData("PT0,5M", 30)]
    public void A_length_of_time_is_read(string text, double seconds)
    {
        Durations.TryParse(text, out var duration).Should().BeTrue();
        duration.TotalSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("P1Y2M3D")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("-PT1H")]
    [InlineData("PT-1H")]
    [InlineData("P1W2D")]
    [InlineData("P999999999W")]
    [InlineData("PT1H\n")]
    [InlineData("1.5h")]
    public void What_has_no_fixed_length_or_is_none_is_not(string text) => Durations.TryParse(text, out _).Should().BeFalse();
}
