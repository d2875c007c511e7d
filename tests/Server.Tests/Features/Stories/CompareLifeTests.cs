using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Tests.Features.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>All three files of a before/after story arrive, count and are deleted together.</summary>
public sealed class CompareLifeTests
{
    [Fact]
    public async Task All_three_files_count_and_are_gone_with_the_story_which_a_receipt_proves()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var posted = (await ComparePictures.PostAsync(ana, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync())).Json;
        var story = await host.Client(token).Stories.GetAsync(posted.GetProperty("id").GetString()!);
        await ana.GetAsync($"/v1/stories/{story.Id}/poster?part=before&width=10");

        Files(host).Should().HaveCount(4).And.OnlyContain(name => name.StartsWith(story.Id, StringComparison.Ordinal));
        var stories = host.Services.GetRequiredService<StoryInventory>();
        stories.Bytes.Should().Be(story.Media.Bytes + story.Compare!.Before.Bytes + story.Compare.Difference.Bytes);
        await host.RestartAsync();
        stories = host.Services.GetRequiredService<StoryInventory>();
        stories.BytesOf(1).Should().Be(story.Media.Bytes + story.Compare.Before.Bytes + story.Compare.Difference.Bytes);

        host.Clock.Advance(TimeSpan.FromHours(24));
        foreach (var part in StoryParts.All)
        {
            (await ana.GetAsync($"/v1/stories/{story.Id}/media?part={part}")).Code.Should().Be("story_expired");
        }
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() => Files(host).Length == 0);
        (stories.Bytes, stories.BytesOf(1)).Should().Be((0, 0));
        await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/receipts/{story.Id}")).Status == HttpStatusCode.OK);
        await host.RestartAsync();
        (await host.Client(token).Stories.GetReceiptAsync(story.Id))
            .Should()
            .Be(
                new Receipt
                {
                    Id = story.Id,
                    Sha256 = story.Media.Sha256,
                    Parts = new() { Before = story.Compare.Before.Sha256, Difference = story.Compare.Difference.Sha256 },
                    Reason = "expired",
                    At = story.ExpiresAt!.Value,
                }
            );
    }

    [Fact]
    public async Task Deleting_it_and_leaving_take_all_three_files_along()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        var token = await host.JoinAsync("bob");
        using var bob = host.Wire(token);
        var first = (await ComparePictures.PostAsync(bob, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync()))
            .Json.GetProperty("id")
            .GetString()!;
        await ComparePictures.PostAsync(bob, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync());
        Files(host).Should().HaveCount(6);

        await host.Client(token).Stories.DeleteAsync(first);
        Files(host).Should().HaveCount(3);
        (await bob.SendAsync(HttpMethod.Delete, "/v1/me", null)).Status.Should().Be(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(() => Files(host).Length == 0);
    }

    [Fact]
    public async Task The_archive_keeps_all_parts_for_their_author()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        await host.Client(token).Accounts.ChangeMeAsync(new ProfileChange { Archive = true });
        var before = await ComparePictures.BeforeAsync();
        var id = (await ComparePictures.PostAsync(ana, before, await ComparePictures.AfterAsync())).Json.GetProperty("id").GetString();
        await host.RestartAsync(away: TimeSpan.FromHours(25));

        await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/archive/{id}/media?part=difference")).Status == HttpStatusCode.OK);
        var pixels = await TestMedia.PixelsAsync((await ana.GetAsync($"/v1/archive/{id}/media?part=before")).Body);
        pixels.Should().Equal(await TestMedia.PixelsAsync(before));
        (await ana.GetAsync($"/v1/stories/{id}/media?part=before")).Code.Should().Be("story_expired");
    }

    [Fact]
    public async Task What_is_left_of_a_post_that_was_killed_half_way_is_swept_and_a_whole_one_is_not()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ComparePictures.PostAsync(ana, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync()))
            .Json.GetProperty("id")
            .GetString()!;
        const string Unknown = "01aaaaaaaaaaaaaaaaaaaaaaaa";
        var folder = (MediaFolder)host.Services.GetService(typeof(MediaFolder))!;
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(Unknown))!);
        await File.WriteAllTextAsync(Path.Combine(host.DataPath, "tmp", Unknown + ".arriving"), "");
        await File.WriteAllTextAsync(folder.PathOf(Unknown, StoryParts.Before), "in its place, when the power went");
        await File.WriteAllTextAsync(folder.PathOf(Unknown, StoryParts.Difference), "this too");

        host.Clock.Advance(TimeSpan.FromSeconds(30));

        await Eventually.TrueAsync(() => Files(host).Length == 3);
        Files(host).Should().OnlyContain(name => name.StartsWith(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_quota_that_the_three_files_exceed_refuses_them_and_leaves_nothing()
    {
        var (before, after) = (await SampleMedia.ReadAsync("photo.png"), await SampleMedia.ReadAsync("lossless.webp"));
        var both = before.Length + after.Length;
        await using var host = await ServerHost.StartAsync(o => o with { QuotaAccountBytes = both + 100 });
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ComparePictures.PostAsync(ana, before, after);

        (answer.Status, answer.Code).Should().Be((HttpStatusCode.InsufficientStorage, "quota_reached"));
        Files(host).Should().BeEmpty();
        Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
        (await ana.PutAsync("/v1/stories", before)).Status.Should().Be(HttpStatusCode.Created, "nothing stays reserved");
    }

    [Fact]
    public async Task A_backup_restores_all_three_files_and_of_a_story_that_lost_one_the_others()
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                MaxTtl = TimeSpan.FromDays(3650),
                DefaultTtl = TimeSpan.FromDays(3650),
            }
        );
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var whole = (await ComparePictures.PostAsync(ana, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync()))
            .Json.GetProperty("id")
            .GetString()!;
        var lost = (await ComparePictures.PostAsync(ana, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync()))
            .Json.GetProperty("id")
            .GetString()!;
        File.Delete(Directory.EnumerateFiles(host.DataPath, lost + ".difference", SearchOption.AllDirectories).Single());
        var folder = Directory.CreateTempSubdirectory("stories-compare-").FullName;
        try
        {
            var archive = Path.Combine(folder, "a.tar");
            await File.WriteAllBytesAsync(archive, (await ana.SendAsync(HttpMethod.Post, "/v1/admin/backup", null)).Body);
            var restored = Path.Combine(folder, "restored");
            (await ServerCommand.RunAsync(["verify", archive], Program.Build)).Should().Be(3);
            (await ServerCommand.RunAsync(["restore", archive, "--data", restored], Program.Build)).Should().Be(3);

            await using var second = await ServerHost.OpenAsync(restored, DateTimeOffset.UtcNow);
            var again = second.Wire(token);
            foreach (var part in StoryParts.All)
            {
                (await again.GetAsync($"/v1/stories/{whole}/media?part={part}"))
                    .Body.Should()
                    .Equal((await ana.GetAsync($"/v1/stories/{whole}/media?part={part}")).Body);
            }
            (await again.GetAsync($"/v1/stories/{lost}/media?part=before")).Status.Should().Be(HttpStatusCode.OK);
            (await again.GetAsync($"/v1/stories/{lost}/media?part=difference")).Code.Should().Be("media_damaged");
            Files(second).Should().HaveCount(5);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Files(ServerHost host) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(host.DataPath, "media"), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetFileName(file)!),
        ];
}
