using CsCheck;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Mutes;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>The tray and the lists that are read from indexes and counts are those that a look at every story gives.</summary>
public sealed class StoryIndexTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);
    private static readonly string[] Tags = ["ci", "sea", "lunch"];
    private static readonly string?[] Slots = [null, "main", "nightly"];
    private static readonly int[] Accounts = [1, 2, 3, 4];

    private static readonly Muting[] Mutings =
    [
        Muting.Nothing,
        new(All: true, new HashSet<int>(), new HashSet<string>()),
        new(All: false, new HashSet<int> { 2 }, new HashSet<string>()),
        new(All: false, new HashSet<int>(), new HashSet<string> { "ci" }),
        new(All: false, new HashSet<int> { 3 }, new HashSet<string> { "sea", "lunch" }),
    ];

    [Fact]
    public void Indexes_and_counts_say_what_a_look_at_every_story_says() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 1_000_000]).Array[1, 120].Sample(Play, iter: 300);

    [Fact]
    public void A_counted_tray_holds_until_something_changes_or_expires()
    {
        var trays = new CountedTrays();
        var model = Post(StoryModel.Empty, number: 2, Start, posted: 1);
        var row = model.ById.Values.Single().Row;
        var viewer = new ViewerContext(4, Muting.Nothing, Start, model);
        var tray = trays.Of(viewer);
        tray.Places.Should().ContainSingle();

        trays.Of(viewer with { Now = row.ExpiresAt.AddTicks(-1) }).Should().BeSameAs(tray);
        trays.Of(viewer with { Account = 3 }).Should().NotBeSameAs(tray);
        trays.Of(viewer with { Muting = Mutings[1] }).Places.Single().Show(PersonOf).Muted.Should().BeTrue();
        trays.Of(viewer with { Stories = model.Without(row) }).Places.Should().BeEmpty();
        trays.Of(viewer with { Now = row.ExpiresAt }).Places.Should().BeEmpty();
        var kept = model.With(row with { KeptIn = "best" });
        trays.Of(viewer with { Stories = kept }).Places.Should().ContainSingle();
        trays.Of(viewer with { Stories = kept, Now = row.ExpiresAt }).Places.Should().BeEmpty("a kept story leaves the tray then");
        trays.Of(viewer).Places.Single().Show(PersonOf).Should().Be(tray.Places.Single().Show(PersonOf), "the clock may be set back");
    }

    [Fact]
    public void A_tree_is_a_sorted_list()
    {
        Gen.Select(Gen.Bool, Gen.Int[0, 400])
            .Array[0, 1_500]
            .Sample(
                steps =>
                {
                    var tree = new SortedTree<string>(string.CompareOrdinal);
                    var list = new SortedSet<string>(StringComparer.Ordinal);
                    foreach (var (adds, number) in steps)
                    {
                        var item = number.ToString("d4", System.Globalization.CultureInfo.InvariantCulture);
                        tree = adds || number % 3 == 0 ? tree.Add(item) : tree.Remove(item);
                        _ = adds || number % 3 == 0 ? list.Add(item) : list.Remove(item);
                    }
                    string[] sorted = [.. list];
                    tree.Should().Equal(sorted);
                    tree.From(sorted.Length / 2).Should().Equal(sorted[(sorted.Length / 2)..]);
                    SortedTree<string>.Of([.. sorted.Reverse()], string.CompareOrdinal).Should().Equal(sorted);
                    for (var i = 0; i < sorted.Length; i++)
                    {
                        tree.IndexOf(sorted[i]).Should().Be(i);
                        tree.IndexOf(sorted[i] + "x").Should().Be(~(i + 1));
                    }
                },
                iter: 100
            );
    }

    private static void Play((int Action, int Number)[] steps)
    {
        var (model, now, posted) = (StoryModel.Empty, Start, 0);
        foreach (var (action, number) in steps)
        {
            if (action == 11)
            {
                now += TimeSpan.FromMinutes(number % 90);
            }
            model = action < 5 ? Post(model, number, now, ++posted) : Change(model, action, number, now);
        }
        var loaded = StoryModel.Of(
            model.ById.Values.Select(entry => entry.Row),
            model.ById.Values.Where(entry => !entry.Views.IsEmpty).Select(entry => entry.ToViews()),
            []
        );
        foreach (var account in Accounts)
        {
            foreach (var muting in Mutings)
            {
                var viewer = new ViewerContext(account, muting, now, model);
                var tray = Tray.Of(viewer).Places.Select(place => place.Show(PersonOf)).ToList();
                tray.Should().Equal(NaiveTray(viewer));
                Tray.Of(viewer with { Stories = loaded }).Places.Select(place => place.Show(PersonOf)).Should().Equal(tray);
                foreach (var filter in Filters(model))
                {
                    ListOf(viewer, filter).Should().Equal(NaiveList(viewer, filter).Select(row => row.Id), filter.ToString());
                }
            }
        }
    }

    private static StoryModel Post(StoryModel model, int number, DateTimeOffset now, int posted)
    {
        var slot = Slots[number % 3];
        var author = Accounts[number / 3 % 3];
        int[]? audience = (number / 9 % 4) switch
        {
            0 => [1, 4],
            1 => [2],
            _ => null,
        };
        foreach (var standing in slot is null ? [] : model.StandingIn(author, slot))
        {
            model = model.With(model.ById[standing].Row.ReplacedBy(audience));
        }
        // Ids are not always in the order of commits.
        var id = $"{(posted * 2) - (number % 5 == 0 ? 3 : 0):d26}";
        var row = new StoryRow
        {
            Id = id,
            Author = author,
            Kind = number % 7 == 0 ? StoryKinds.Recording : StoryKinds.Text,
            Tags = [.. Tags.Where((_, i) => (number >> i) % 3 == 0)],
            Slot = slot,
            Audience = audience,
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromMinutes(5 + (number % 200)),
            AsksHelp = number % 6 == 0,
            Answers = number % 8 == 0 ? "question" : null,
            Broadcast = number % 7 == 0 ? new(StoredBroadcast.Running, 0) : null,
            Source = new() { Status = number % 2 == 0 ? "passed" : "failed" },
            Media = new()
            {
                Type = "text/plain",
                Bytes = number,
                Sha256 = id,
            },
        };
        return model.ById.ContainsKey(id) ? model : model.With(row);
    }

    private static StoryModel Change(StoryModel model, int action, int number, DateTimeOffset now)
    {
        if (model.ById.IsEmpty)
        {
            return model;
        }
        var entry = model.ById.Values.OrderBy(it => it.Id, StringComparer.Ordinal).ElementAt(number % model.ById.Count);
        var account = Accounts[number / 7 % 4];
        var row = entry.Row;
        return action switch
        {
            5 or 6 or 7 when !row.Archived => entry.IsSeenBy(account)
                ? model
                : model.With(entry.WithView(account, now, isPrivate: number % 5 == 0).ToViews()),
            8 when number % 3 == 0 => model.With(entry.WithoutView(account).ToViews()),
            8 => model.With(row with { KeptIn = row.KeptIn is null && !row.Archived ? "best" : null, KeptRank = number }),
            9 when number % 4 == 0 && row.KeptIn is null => model
                .With(row with { Archived = true, Replaced = false, ReplacedFor = null })
                .Without(entry.ToViews()),
            9 => model.With(
                row with
                {
                    Tags = [Tags[number % 3]],
                    HelpResolvedAt = row.AsksHelp ? now : null,
                    Broadcast = row.Broadcast is { } broadcast ? broadcast with { State = StoredBroadcast.Ended } : null,
                    ExpiresAt = now + TimeSpan.FromMinutes(number % 100),
                    Audience = row.Audience is [var first, ..] ? [first] : row.Audience,
                }
            ),
            10 => model.Without(row),
            _ => model.Times.ExpiredUntil(now).Take(number % 3).ToList().Aggregate(model, (it, over) => it.Without(over)),
        };
    }

    private static IEnumerable<StoryFilter> Filters(StoryModel model)
    {
        var middle = model.ById.Keys.Order(StringComparer.Ordinal).ElementAtOrDefault(model.ById.Count / 2);
        StoryFilter all = new() { Limit = 5 };
        yield return all;
        yield return all with
        {
            Before = middle,
        };
        yield return all with
        {
            Unseen = true,
        };
        yield return all with
        {
            Unseen = true,
            Before = middle,
        };
        yield return all with
        {
            Author = "p2",
        };
        yield return all with
        {
            Author = "nobody",
        };
        yield return all with
        {
            Author = "p3",
            Unseen = true,
            Tags = ["ci"],
        };
        yield return all with
        {
            Kind = StoryKinds.Recording,
        };
        yield return all with
        {
            Slot = "main",
            History = true,
        };
        yield return all with
        {
            Slot = "main",
            Unseen = true,
        };
        yield return all with
        {
            Slot = "main",
            Unseen = true,
            History = true,
        };
        yield return all with
        {
            Tags = ["ci", "sea"],
        };
    }

    private static Person PersonOf(int account) => new() { Handle = $"p{account}", DisplayName = "" };

    private static bool IsShown(ViewerContext viewer, StoryRow row) =>
        row.IsListed(viewer.Now) && !row.Archived && row.IsVisibleTo(viewer.Account);

    private static IEnumerable<string> ListOf(ViewerContext viewer, StoryFilter filter) =>
        Candidates
            .Of(
                viewer,
                new CountedTrays(),
                filter,
                filter.Author is { } handle && Accounts.Any(it => $"p{it}" == handle) ? handle[1] - '0' : null
            )
            .Where(row => IsShown(viewer, row) && filter.Matches(row, viewer, PersonOf))
            .Take(filter.Limit)
            .Select(row => row.Id);

    private static IEnumerable<StoryRow> NewestFirst(ViewerContext viewer) =>
        viewer
            .Stories.ById.Values.Select(it => it.Row)
            .Where(row => IsShown(viewer, row))
            .OrderByDescending(row => row.Id, StringComparer.Ordinal);

    private static IEnumerable<StoryRow> NaiveList(ViewerContext viewer, StoryFilter filter) =>
        NewestFirst(viewer)
            .Where(row => filter.Before is null || string.CompareOrdinal(row.Id, filter.Before) < 0)
            .Where(row => filter.Matches(row, viewer, PersonOf))
            .Take(filter.Limit);

    private static IEnumerable<TrayItem> NaiveTray(ViewerContext viewer)
    {
        bool IsMuted(StoryRow row) => viewer.Muting.Covers(row.Author, row.Tags);
        return NewestFirst(viewer)
            .Where(row => !row.IsReplacedFor(viewer.Account))
            .GroupBy(row => (row.Author, row.Slot))
            .Select(place =>
            {
                var stories = place.ToList();
                var unseen = stories.Where(row => !viewer.Stories.ById[row.Id].IsSeenBy(viewer.Account) && !IsMuted(row)).ToList();
                var isMuted = stories.TrueForAll(IsMuted);
                var heard = isMuted ? stories : stories.FindAll(row => !IsMuted(row));
                return new TrayItem
                {
                    Author = PersonOf(place.Key.Author),
                    Slot = place.Key.Slot,
                    Status = heard[0].Source!.Status,
                    Total = stories.Count,
                    Unseen = unseen.Count,
                    LatestAt = stories[0].CreatedAt,
                    FirstExpiryAt = stories.Min(row => row.ExpiresAt),
                    FirstUnseenId = unseen.Count == 0 ? null : unseen[^1].Id,
                    OpenHelp = heard.Count(row => row.HasOpenHelp),
                    ResolvedHelp = heard.Count(row => row.AsksHelp && !row.HasOpenHelp),
                    Live = heard.Exists(row => row.IsLive),
                    Muted = isMuted,
                };
            })
            .OrderByDescending(item => item.Unseen > 0)
            .ThenByDescending(item => item.LatestAt);
    }
}
