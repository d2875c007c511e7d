using System.Globalization;

namespace StoriesCli.Client.Tests.Api;

public class ServerClockTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(-3600, -3600)]
    [InlineData(90, 90)]
    public async Task How_far_the_servers_clock_is_ahead_is_learned_from_its_answers(int ahead, int learned)
    {
        var date = DateTimeOffset.UtcNow.AddSeconds(ahead).ToString("R", CultureInfo.InvariantCulture);
        await using var server = new ScriptedServer(
            ScriptedServer.Answer(200, """{"items":[],"nextCursor":null}""", $"Content-Type: application/json\r\nDate: {date}\r\n")
        );
        using var client = server.Client();
        client.ClockOffset.Should().Be(TimeSpan.Zero);

        await client.Stories.GetTrayAsync();

        client.ClockOffset.Should().BeCloseTo(TimeSpan.FromSeconds(learned), learned == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(2));
    }
}
