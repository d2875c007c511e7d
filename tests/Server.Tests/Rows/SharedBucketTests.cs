using System.Diagnostics;
using System.Net;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>Two servers on one database and one bucket.</summary>
public sealed class SharedBucketTests
{
    private const string Prefix = "team";
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_photo_of_one_server_is_read_at_the_other_at_once_and_gone_there_and_in_the_bucket_after_its_deletion()
    {
        var (service, bucket) = await BucketAsync();
        await using var team = await StartAsync(service, bucket);
        var (one, two) = (team.At(0), team.At(1));
        var photo = await TestMedia.JpegAsync();
        foreach (var (poster, reader, other) in ((Wire, Wire, int)[])[(one, two, 1), (two, one, 0)])
        {
            var posted = await poster.PutAsync("/v1/stories", photo);
            posted.Status.Should().Be(HttpStatusCode.Created, posted.Text);
            var id = posted.Json.GetProperty("id").GetString()!;

            WireAnswer? read = null;
            await Eventually.TrueAsync(
                async () => (read = await reader.GetAsync($"/v1/stories/{id}/media")).Status == HttpStatusCode.OK,
                TimeSpan.FromSeconds(2)
            );
            read!.Body.Should().HaveCount(posted.Json.GetProperty("media").GetProperty("bytes").GetInt32());
            CopiesOf(team, other, id).Should().ContainSingle();

            (await poster.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
            var watch = Stopwatch.StartNew();
            await Eventually.TrueAsync(
                async () => (await reader.GetAsync($"/v1/stories/{id}/media")).Status == HttpStatusCode.Gone,
                TimeSpan.FromSeconds(2)
            );
            await Eventually.TrueAsync(
                async () =>
                    (await service.KeysAsync(bucket)).Count == 0 && CopiesOf(team, 0, id).Length == 0 && CopiesOf(team, 1, id).Length == 0,
                GoneWithin - watch.Elapsed
            );
        }
    }

    [Fact]
    public async Task What_is_damaged_is_noted_by_the_server_that_saw_it_and_a_purge_deletes_nothing_that_another_one_may_be_sending()
    {
        var (service, bucket) = await BucketAsync();
        await using var team = await StartAsync(service, bucket);
        var posted = await team.At(0).PutAsync("/v1/stories", await TestMedia.JpegAsync());
        var id = posted.Json.GetProperty("id").GetString()!;
        using var client = service.Client();
        await client.DeleteObjectAsync(bucket, $"{Prefix}/{id}");

        WireAnswer? lost = null;
        await Eventually.TrueAsync(
            async () => (lost = await team.At(1).GetAsync($"/v1/stories/{id}/media")).Status != HttpStatusCode.NotFound,
            TimeSpan.FromSeconds(2)
        );

        lost!.Code.Should().Be("media_damaged");
        (await team.At(0).GetAsync($"/v1/stories/{id}/media")).Status.Should().Be(HttpStatusCode.OK, "it has a copy");
        var arriving = $"{Prefix}/01aaaaaaaaaaaaaaaaaaaaaaaa";
        await client.PutObjectAsync(
            new()
            {
                BucketName = bucket,
                Key = arriving,
                ContentBody = "of a post whose row is not written yet",
                UseChunkEncoding = false,
            }
        );
        foreach (var server in team.Servers)
        {
            await ServerProcess.RunAsync("purge", "--unknown-media", "--data", server.DataPath);
            (await service.KeysAsync(bucket)).Should().Contain(arriving);
        }
    }

    private static string[] CopiesOf(ServerTeam team, int server, string id) =>
        Directory.GetFiles(Path.Combine(team.Servers[server].DataPath, "media-cache"), id + "*", SearchOption.AllDirectories);

    private static async Task<(SwiftServer Service, string Bucket)> BucketAsync()
    {
        var service = await SwiftServer.SharedAsync();
        return (service, await service.MakeBucketAsync());
    }

    private static async Task<ServerTeam> StartAsync(SwiftServer service, string bucket) =>
        await ServerTeam.StartAsync(
            await PostgresCluster.CommonAsync(),
            count: 2,
            "--media",
            $"s3://{bucket}/{Prefix}",
            "--s3-endpoint",
            service.Url.ToString(),
            "--s3-region",
            "us-east-1",
            "--s3-credentials",
            service.CredentialsFile
        );
}
