using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Tests.Damage;
using StoriesCli.Server.Tests.Features.Live;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Features.Media.StoreHost;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>What holds wherever the media are kept: in a folder, and in a bucket of a real S3 service.</summary>
public sealed class MediaStoreTests
{
    private const string Unknown = "01aaaaaaaaaaaaaaaaaaaaaaaa";

    private const int HeadBytes = 44;

    public static TheoryData<string> Kinds => [Folder, Bucket];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_posted_is_served_whole_and_in_ranges_also_by_a_server_without_copies(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var (small, large) = (await TestMedia.JpegAsync(), Sound(12_000_000));
        var photo = await PostAsync(ana, small);
        var sound = await PostAsync(ana, large);

        (await host.KeptAsync()).Should().BeEquivalentTo(photo, sound);
        foreach (var isAnew in (bool[])[false, true])
        {
            if (isAnew)
            {
                await host.Server.StopAsync();
                host.LoseCopies();
                await host.Server.StartAgainAsync();
            }
            // The server may remove metadata, and shows the hash of what it serves.
            var served = await ana.GetAsync($"/v1/stories/{photo}/media");
            Hash(served.Body)
                .Should()
                .Be((await ana.GetAsync($"/v1/stories/{photo}")).Json.GetProperty("media").GetProperty("sha256").GetString());
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 6)
                    .Select(i => ana.GetAsync($"/v1/stories/{sound}/media", ("Range", $"bytes={i * 1_000_000}-{(i * 1_000_000) + 9}")))
            );
            answers.Should().OnlyContain(answer => answer.Status == HttpStatusCode.PartialContent && answer.Body.Length == 10);
            answers
                .Select((answer, i) => answer.Body.AsSpan().SequenceEqual(large.AsSpan(i * 1_000_000, 10)))
                .Should()
                .OnlyContain(same => same);
            (await ana.GetAsync($"/v1/stories/{sound}/media")).Body.Should().Equal(large);
            (await ana.GetAsync($"/v1/stories/{photo}/poster?width=40")).Status.Should().Be(HttpStatusCode.OK);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_three_files_of_a_comparison_come_and_go_together(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind);
        var ana = await host.Server.SignInAsync("ana");
        var picture = MediaUpload.FromBytes(await TestMedia.JpegAsync());

        var story = await ana.Stories.PostCompareAsync(new NewStory(), picture, picture, "1", progress: null);

        (await host.KeptAsync()).Should().BeEquivalentTo(story.Id, story.Id + ".before", story.Id + ".difference");
        await ana.Stories.DeleteAsync(story.Id);
        (await host.KeptAsync()).Should().BeEmpty();
        (await ana.Stories.GetReceiptAsync(story.Id)).Parts.Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Within_a_minute_of_its_end_nothing_of_a_story_is_left_and_there_is_a_receipt(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var photo = (await ana.PutAsync("/v1/stories?ttl=5m", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        (await ana.GetAsync($"/v1/stories/{photo}/poster?width=40")).Status.Should().Be(HttpStatusCode.OK);
        (await ana.GetAsync($"/v1/receipts/{photo}")).Code.Should().Be("receipt_not_found");
        var stays = await PostAsync(ana, await TestMedia.JpegAsync());

        host.Server.Clock.Advance(TimeSpan.FromMinutes(5));
        (await ana.GetAsync($"/v1/stories/{photo}/media")).Code.Should().Be("story_expired");
        host.Server.Clock.Advance(TimeSpan.FromSeconds(60));

        await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/receipts/{photo}")).Status == HttpStatusCode.OK);
        (await host.KeptAsync()).Should().Equal(stays);
        host.Here(photo).Should().BeEmpty();
        (await ana.GetAsync($"/v1/receipts/{photo}")).Text.Should().NotContain("versionsKept").And.NotContain("rowsKept");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_quota_holds_and_what_it_refuses_leaves_nothing(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind, configure: o => o with { QuotaAccountBytes = 3_000_000 });
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var first = await PostAsync(ana, Sound(2_000_000));

        (await ana.PutAsync("/v1/stories", Sound(2_000_000))).Code.Should().Be("quota_reached");

        (await host.KeptAsync()).Should().Equal(first);
    }

    [Theory]
    [InlineData(Folder, "changed")]
    [InlineData(Folder, "missing")]
    [InlineData(Bucket, "changed")]
    [InlineData(Bucket, "cut")]
    [InlineData(Bucket, "missing")]
    public async Task A_damaged_file_is_refused_found_by_the_check_and_served_again_once_it_is_whole(string kind, string how)
    {
        await using var host = await StoreHost.StartAsync(kind);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var sound = Sound(200_000);
        var id = await PostAsync(ana, sound);
        await host.Server.StopAsync();
        host.LoseCopies();
        await host.Server.StartAgainAsync();

        await host.ReplaceAsync(
            id,
            how == "missing" ? null
                : how == "cut" ? sound[..^1]
                : [.. sound[..^1], (byte)(sound[^1] ^ 1)]
        );

        var check = host.Server.Services.GetRequiredService<MediaCheck>();
        (await check.CheckAllAsync(isRemembered: false, default)).Should().ContainSingle().Which.Story.Should().Be(id);
        (await ana.GetAsync($"/v1/stories/{id}/media")).Code.Should().Be("media_damaged");
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=0-9"))).Code.Should().Be("media_damaged");
        await host.ReplaceAsync(id, sound);
        (await check.CheckAllAsync(isRemembered: true, default)).Should().BeEmpty();
        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Should().Equal(sound);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Purge_lists_what_no_story_knows_and_only_what_is_a_file_of_a_story(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        await PostAsync(ana, await TestMedia.JpegAsync());
        (await AdminSocket.TryFindLeftOversAsync(host.Server.DataPath, default)).Should().BeEmpty();

        await host.ReplaceAsync(Unknown, [1, 2, 3]);
        var found = (await AdminSocket.TryFindLeftOversAsync(host.Server.DataPath, default))!;

        found
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<LeftOver>(it => it.Kind == "media" && it.Bytes == 3 && it.Path.EndsWith(Unknown));
        host.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => host.Server.Services.GetRequiredService<UnknownMedia>().Held.Files == 1);
        (await host.KeptAsync()).Should().Contain(Unknown, "it is too much of all that there is, so the host must decide");
        (await AdminSocket.TryRemoveUnknownMediaAsync(host.Server.DataPath, default))!.Files.Should().Be(1);
        (await host.KeptAsync()).Should().NotContain(Unknown);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_file_of_a_story_that_is_gone_goes_at_the_next_start(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind);
        var ana = await host.Server.SignInAsync("ana");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText }, "1");
        await ana.Stories.DeleteAsync(story.Id);
        await host.ReplaceAsync(story.Id, [1]);

        await host.Server.RestartAsync();

        await Eventually.TrueAsync(async () => (await host.KeptAsync()).Count == 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_live_terminal_becomes_a_recording_that_is_kept(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var id = await ana.BeginAsync();
        await ana.OutputAsync(id, 0, LiveHost.Line("hello"));
        await host.Server.RestartAsync();

        (await ana.EndAsync(id)).Status.Should().Be(HttpStatusCode.OK);

        (await host.KeptAsync()).Should().Equal(id);
        (await ana.GetAsync($"/v1/stories/{id}/media")).Text.Should().Contain("hello");
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await host.KeptAsync()).Should().BeEmpty();
        host.Here(id).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_backup_has_the_files_and_names_those_that_are_damaged(string kind)
    {
        await using var host = await StoreHost.StartAsync(kind);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var (whole, missing) = (await PostAsync(ana, Sound(300_000)), await PostAsync(ana, Sound(100_000)));
        await host.ReplaceAsync(missing, null);
        var file = Path.Combine(Path.GetTempPath(), $"stories-{Guid.NewGuid():N}.tar");

        var contents = await AdminSocket.SaveBackupAsync(host.Server.DataPath, file, default);

        contents.Damaged.Should().ContainSingle().Which.Story.Should().Be(missing);
        contents.Manifest.Files.Should().ContainSingle(it => it.Name == "media/" + whole && it.Bytes == 300_000);
        File.Delete(file);
    }

    /// <summary>A sound of exactly so many bytes.</summary>
    internal static byte[] Sound(int bytes)
    {
        var wav = DamagedData.Sound(bytes - HeadBytes);
        new Random(bytes).NextBytes(wav.AsSpan(HeadBytes));
        return wav;
    }

    internal static async Task<string> PostAsync(Wire wire, byte[] body)
    {
        var answer = await wire.PutAsync("/v1/stories", body);
        answer.Status.Should().Be(HttpStatusCode.Created, answer.Text);
        return answer.Json.GetProperty("id").GetString()!;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
