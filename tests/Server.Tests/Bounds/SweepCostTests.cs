using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>A sweep costs what is due, however many stories and files there are.</summary>
public sealed class SweepCostTests
{
    [Fact]
    public async Task A_sweep_looks_at_as_many_files_of_many_as_of_very_many()
    {
        var few = await CountStepsAsync(1_500);
        var many = await CountStepsAsync(4_000);

        few.Should().BeGreaterThan(0, "the comparison of all files goes on, slowly");
        many.Should().Be(few);
    }

    [Fact]
    public async Task The_slow_comparison_reaches_every_file_and_keeps_or_deletes_it_by_the_same_rule()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var ids = await FillAsync(host, ana, 1_500);
        await SweepAsync(host);
        var folder = host.Services.GetRequiredService<MediaFolder>();
        var unknown = folder.PathOf("01aaaaaaaaaaaaaaaaaaaaaaaa");
        Directory.CreateDirectory(Path.GetDirectoryName(unknown)!);
        await File.WriteAllTextAsync(unknown, "put there by somebody");

        for (var i = 0; i < 6; i++)
            await SweepAsync(host);

        File.Exists(unknown).Should().BeFalse("of so many stories one may have been lost");
        ids.Should().OnlyContain(id => folder.Has(id, null));
    }

    [Fact]
    public async Task Files_whose_deletion_failed_go_with_the_next_sweep_and_only_then_there_is_a_receipt()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        var path = host.Services.GetRequiredService<MediaFolder>().PathOf(id);
        File.Delete(path);
        // Nobody can delete a folder as a file.
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(path + ".p40.jpg", "a poster");

        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await ana.GetAsync($"/v1/receipts/{id}")).Status.Should().Be(HttpStatusCode.Gone);
        Directory.Delete(path);
        await File.WriteAllTextAsync(path, "the bytes are here again");
        await SweepAsync(host);

        File.Exists(path).Should().BeFalse();
        await Eventually.TrueAsync(async () =>
        {
            await SweepAsync(host);
            return (await ana.GetAsync($"/v1/receipts/{id}")).Status == HttpStatusCode.OK;
        });
    }

    private static async Task<long> CountStepsAsync(int stories)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await FillAsync(host, ana, stories);
        await SweepAsync(host);
        var unknown = host.Services.GetRequiredService<UnknownMedia>();
        var before = unknown.Compared;
        await SweepAsync(host);
        return unknown.Compared - before;
    }

    private static async Task SweepAsync(ServerHost host)
    {
        var sweeper = host.Services.GetRequiredService<Sweeper>();
        var count = sweeper.Count;
        await Eventually.TrueAsync(() => sweeper.Count > 0);
        host.Clock.Advance(Sweeper.Interval);
        await Eventually.TrueAsync(() => sweeper.Count > count);
    }

    /// <summary>Posts many stories, each with a file.</summary>
    private static async Task<string[]> FillAsync(ServerHost host, Wire ana, int count)
    {
        var first = (await ana.PutAsync("/v1/stories?ttl=7d", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        var (stories, ids, folder, directory) = (
            host.Services.GetRequiredService<StoryStore>(),
            host.Services.GetRequiredService<Ids>(),
            host.Services.GetRequiredService<MediaFolder>(),
            host.Services.GetRequiredService<DataDirectory>()
        );
        var row = stories.Current.ById[first].Row;
        var made = Enumerable.Range(1, count - 1).Select(_ => ids.Next()).ToArray();
        foreach (var some in made.Chunk(500))
        {
            await Task.WhenAll(
                some.Select(id =>
                {
                    directory.MakeMediaFolder(id);
                    File.WriteAllText(folder.PathOf(id), "x");
                    return stories.PostAsync(row with { Id = id }, key: null, "", CancellationToken.None);
                })
            );
        }
        return [first, .. made];
    }
}
