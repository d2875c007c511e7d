using System.Threading.Channels;
using StoriesCli.Client.Players;
using StoriesCli.Testing;
using StoriesCli.Tui.App;
using StoriesCli.Tui.App.Subscriptions;

namespace StoriesCli.Tui.Tests.App;

public sealed class ComparisonIntegrationTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task All_sides_of_a_before_after_story_are_fetched_and_two_of_them_blended()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var before = MediaUpload.FromBytes(await TestMedia.PngAsync(32, 32, (_, _) => 0xFF0000FF));
        var after = MediaUpload.FromBytes(await TestMedia.PngAsync(32, 32, (_, _) => 0x0000FFFF));
        var story = await ana.Stories.PostCompareAsync(new(), before, after, ApiClient.NewIdempotencyKey());
        var posted = Channel.CreateUnbounded<Msg>();
        var store = new Store(
            Some.Empty with
            {
                Session = Some.Empty.Session with { Me = null },
                Display = Some.Empty.Display with { ShowsPictures = true, Area = new(20, 10) },
                Now = host.Clock.GetUtcNow(),
            }
        );
        var options = new TuiOptions(await host.SignInAsync("dora"))
        {
            Clock = host.Clock,
            Players = new(new Dictionary<string, Player>(), searchPath: null),
        };

        using var effects = new SubscriptionSet(options, store, message => posted.Writer.TryWrite(message));
        using var late = new CancellationTokenSource(_patience);
        while (Enum.GetValues<CompareSide>().Any(side => !store.Model.Loaded.Pictures.ContainsKey(Comparison.KeyOf(story.Id, side))))
        {
            store.Dispatch(await posted.Reader.ReadAsync(late.Token));
        }

        Rgb At(CompareSide side) => store.Model.Loaded.Pictures[Comparison.KeyOf(story.Id, side)].Blocks!.At(0, 0).Fore;
        At(CompareSide.After).Blue.Should().BeGreaterThan(250);
        At(CompareSide.Before).Red.Should().BeGreaterThan(250);
        At(CompareSide.Difference).Red.Should().BeGreaterThan(245);
        At(CompareSide.Difference).Blue.Should().BeInRange(120, 136);
        At(CompareSide.Blend).Red.Should().BeInRange(123, 131);
        At(CompareSide.Blend).Blue.Should().BeInRange(123, 131);
    }
}
