using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Events;

public sealed class EventIdTests
{
    [Fact]
    public void An_id_is_read_by_who_wrote_it_and_by_nobody_else()
    {
        using var ids = new EventIds();
        using var later = new EventIds();

        foreach (var number in (long[])[0, 1, 4711, long.MaxValue])
        {
            (ids.TryRead(ids.OfEvent(number), out var read), read).Should().Be((true, number));
            (ids.TryRead(ids.OfPlaceAfter(number), out var place), place).Should().Be((true, number));
            (later.TryRead(ids.OfEvent(number), out var wrong) && wrong == number).Should().BeFalse();
        }
        ids.OfEvent(7).Should().Be(ids.OfEvent(7)).And.NotBe(ids.OfEvent(8));
        ids.OfPlaceAfter(7).Should().NotBe(ids.OfPlaceAfter(7));
    }

    [Fact]
    public void A_shared_key_lets_another_server_read_the_place_and_nobody_without_it()
    {
        var key = new byte[EventIds.KeyBytes];
        Random.Shared.NextBytes(key);
        using var ids = new EventIds(key);
        using var there = new EventIds(key);
        using var stranger = new EventIds(new byte[EventIds.KeyBytes]);
        var place = new EventPlace(EventPlace.FirstOf(4711) + 2, DateTimeOffset.UnixEpoch.AddDays(20_000));
        var id = ids.Of(new(1, null, place));

        there.TryReadPlace(id, out var read).Should().BeTrue();
        read.Should().Be(place);
        EventPlace.CommitOf(read.Order).Should().Be(4711);
        (stranger.TryReadPlace(id, out var wrong) && wrong == place).Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("6afac50e48c1-558")]
    [InlineData("zz000000000000000000000000000000")]
    public void What_is_no_id_names_nothing(string text)
    {
        using var ids = new EventIds();

        ids.TryRead(text, out _).Should().BeFalse();
    }

    [Fact]
    public async Task Nothing_in_a_stream_tells_how_much_happened_that_one_may_not_see()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        await host.JoinAsync("bob");
        var eve = await host.JoinAsync("eve");
        await using var tap = await EventTap.OpenAsync(host, eve);
        await ana.Stories.PostTextAsync(new NewStory { Text = "first" }, "k1");
        var first = await tap.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            await ana.Stories.PostTextAsync(new NewStory { Text = "hidden", Audience = ["bob"] }, $"h{i}");
        }
        await ana.Stories.PostTextAsync(new NewStory { Text = "second" }, "k2");
        var second = await tap.NextAsync();

        first.Id.Should().MatchRegex("^[0-9a-f]{32}$");
        second.Id.Should().MatchRegex("^[0-9a-f]{32}$").And.NotBe(first.Id);
        // Resuming after the first event repeats the second, with its own id.
        await using var again = await EventTap.OpenAsync(host, eve, first.Id);
        (await again.NextAsync()).Id.Should().Be(second.Id);
    }
}
