using System.Diagnostics;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Mutes;
using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>Reading and writing cost the same with few stories as with very many.</summary>
public sealed class FlatCostTests
{
    private const int Few = 2_000,
        Growth = 16,
        Viewer = 1,
        Authors = 100,
        Turns = 300;

    // A look at every story costs 16 times as much. A tree and a cache that hold 16 times as much cost somewhat more.
    private const double Tolerance = 4;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("author")]
    [InlineData("kind")]
    [InlineData("tag")]
    [InlineData("slot")]
    [InlineData("unseen")]
    [InlineData("all")]
    public void A_list_costs_what_it_shows(string filter) => CostsAsMuchWithMany(it => List(it, filter));

    [Fact]
    public void A_tray_costs_nothing_while_nothing_changes() =>
        CostsAsMuchWithMany(it => it.Trays.Of(it.Viewer).Places.Count.Should().BePositive());

    [Fact]
    public void A_post_a_view_and_a_deletion_cost_what_they_change() =>
        CostsAsMuchWithMany(it =>
        {
            var row = Story(it.Count + 1);
            var posted = it.Viewer.Stories.With(row);
            var seen = posted.With(posted.ById[row.Id].WithView(Viewer, Now, isPrivate: false).ToViews());
            seen.Without(row).ById.Count.Should().Be(it.Count);
        });

    [Fact]
    public void The_next_expiry_is_found_without_a_look_at_the_others() =>
        CostsAsMuchWithMany(it =>
        {
            it.Viewer.Stories.Times.NextExpiry(Now).Should().NotBeNull();
            it.Viewer.Stories.Times.ExpiredUntil(Now).Should().BeEmpty();
        });

    private static void CostsAsMuchWithMany(Action<Filled> act)
    {
        var (few, many) = (Filled.With(Few), Filled.With(Few * Growth));
        var (least, most) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        // By turns, and only the quickest counts, so that a busy machine slows both or neither.
        for (var i = 0; i < Turns; i++)
        {
            least = Quicker(least, few, act);
            most = Quicker(most, many, act);
        }

        (most / least).Should().BeLessThan(Tolerance, $"{Few} stories take {least.TotalMicroseconds} µs");
    }

    private static TimeSpan Quicker(TimeSpan best, Filled filled, Action<Filled> act)
    {
        var started = Stopwatch.GetTimestamp();
        act(filled);
        var took = Stopwatch.GetElapsedTime(started);
        return took < best ? took : best;
    }

    private static void List(Filled filled, string name)
    {
        var all = new StoryFilter { Limit = 50 };
        var filter = name switch
        {
            "author" => all with { Author = "p7" },
            "kind" => all with { Kind = StoryKinds.Audio },
            "tag" => all with { Tags = ["rare"] },
            "slot" => all with { Slot = "rare" },
            "unseen" => all with { Unseen = true },
            _ => all,
        };
        var found = Candidates
            .Of(filled.Viewer, filled.Trays, filter, filter.Author is null ? null : 7)
            .Where(row => row.IsListed(Now) && row.IsVisibleTo(Viewer) && filter.Matches(row, filled.Viewer, PersonOf))
            .Take(filter.Limit);
        found.Count().Should().Be(name == "all" ? 50 : Filled.Rare);
    }

    private static Person PersonOf(int account) =>
        new() { Handle = account.ToString("'p'0", CultureInfo.InvariantCulture), DisplayName = "" };

    private static StoryRow Story(int number) =>
        new()
        {
            Id = number.ToString("d26", CultureInfo.InvariantCulture),
            Author = 100 + (number % Authors),
            Kind = StoryKinds.Text,
            Tags = ["ci", "build"],
            // As many places as pipelines make that post each branch into a slot of its own.
            Slot = number % 5 == 0 ? $"branch-{number}" : null,
            CreatedAt = Now.AddSeconds(-1),
            ExpiresAt = Now.AddHours(1).AddMilliseconds(number),
            Media = new()
            {
                Type = "text/plain",
                Bytes = 10,
                Sha256 = "",
            },
        };

    /// <summary>Stories of which few are what each filter finds, evenly between the others. The viewer has seen all but these.</summary>
    private sealed record Filled(int Count, ViewerContext Viewer, CountedTrays Trays)
    {
        public const int Rare = 10;

        public static Filled With(int count)
        {
            StoryRow[] rows =
            [
                .. Enumerable.Range(1, count).Select(number => IsRare(number, count) ? MakeRare(Story(number)) : Story(number)),
            ];
            var views = rows.Where(row => row.Author != 7)
                .Select(row => new ViewRow(row.Id, [KeyValuePair.Create(FlatCostTests.Viewer, Now)], []));
            return new(count, new(FlatCostTests.Viewer, Muting.Nothing, Now, StoryModel.Of(rows, views, [])), new());
        }

        private static bool IsRare(int number, int count) => number % (count / Rare) == 0;

        private static StoryRow MakeRare(StoryRow row) => row with { Author = 7, Kind = StoryKinds.Audio, Tags = ["rare"], Slot = "rare" };
    }
}
