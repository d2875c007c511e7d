using StoriesCli.Server.Features.Events;

namespace StoriesCli.Server.Tests.Features.Events;

public sealed class EventHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);
    private static readonly Announcement Something = new()
    {
        Type = "view",
        At = Start,
        StoryId = "x",
        Author = 1,
    };

    [Fact]
    public void It_keeps_all_of_the_last_hour_in_order_however_much_it_has_grown()
    {
        var ring = new EventHistory(capacity: 1 << 16);
        for (var i = 0; i < 5000; i++)
        {
            ring.Add(Something, Start.AddSeconds(i));
        }

        ring.Last.Should().Be(5000);
        ring.Reaches(5000 - 3600).Should().BeTrue();
        ring.Reaches(1000).Should().BeFalse();
        ring.After(4000).Select(item => item.Number).Should().Equal(Enumerable.Range(4001, 1000).Select(i => (long)i));
    }

    [Fact]
    public void It_never_holds_more_than_it_has_room_for()
    {
        var ring = new EventHistory(capacity: 1024);
        for (var i = 0; i < 3000; i++)
        {
            ring.Add(Something, Start);
        }

        ring.Reaches(3000 - 1024).Should().BeTrue();
        ring.Reaches(3000 - 1025).Should().BeFalse();
        ring.After(3000 - 1024).Select(item => item.Number).Should().HaveCount(1024).And.BeInAscendingOrder();
        ring.Reaches(3001).Should().BeFalse("nobody was given that number");
    }
}
