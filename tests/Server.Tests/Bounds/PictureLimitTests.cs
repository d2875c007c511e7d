using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Tests.Features.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>Limits of the memory, threads and files that images use.</summary>
public sealed class PictureLimitTests
{
    private static readonly TimeSpan Ever = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_picture_that_takes_too_much_memory_to_decode_is_refused_by_its_header()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        // 7071 × 7071 pixels of 8 bytes. Interlaced, all are held at once.
        var sparse = PngOf(7071, 7071, depth: 16, interlaced: true);

        var refused = await ana.PutAsync("/v1/stories", sparse);

        refused.Code.Should().Be("too_large");
        refused
            .Detail.Should()
            .Contain("7,071 × 7,071")
            .And.Contain("interlaced")
            .And.Contain($"{Decoding.BudgetBytes:N0}")
            .And.Contain("without interlacing");
        host.Services.GetRequiredService<Decoding>().Count.Should().Be(0, "nothing was decoded to find that out");
    }

    [Fact]
    public void What_decoding_takes_is_told_by_the_header()
    {
        new VipsLibrary(Directory.CreateTempSubdirectory("stories-vips-").FullName).Load();
        using var plain = NetVips.Image.Black(1600, 1200, bands: 3).Copy(interpretation: NetVips.Enums.Interpretation.Srgb);

        Held(plain.PngsaveBuffer()).Should().Be(0);
        Held(plain.PngsaveBuffer(interlace: true)).Should().Be(1600 * 1200 * 3);
        Held(
                plain
                    .Cast(NetVips.Enums.BandFormat.Ushort)
                    .Copy(interpretation: NetVips.Enums.Interpretation.Rgb16)
                    .PngsaveBuffer(interlace: true)
            )
            .Should()
            .Be(1600 * 1200 * 6);
        Held(plain.JpegsaveBuffer()).Should().Be(0);
        Held(plain.JpegsaveBuffer(interlace: true, subsampleMode: NetVips.Enums.ForeignSubsample.Off)).Should().Be(1600 * 1200 * 3 * 2);
        Held(plain.JpegsaveBuffer(interlace: true, subsampleMode: NetVips.Enums.ForeignSubsample.On))
            .Should()
            .BeInRange(1600 * 1200 * 3, 1600 * 1216 * 3);
        Held(plain.GifsaveBuffer()).Should().BeGreaterThan(1600 * 1200 * 4);
        Held(plain.WebpsaveBuffer(lossless: true)).Should().BeGreaterThan(1600 * 1200 * 8);

        static long Held(byte[] picture)
        {
            var path = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(path, picture);
                return MediaInspector.ReadShape(path).HeldBytes;
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public async Task Decoders_hold_no_more_than_their_budget_together_and_take_no_thread_of_the_pool()
    {
        using var decoding = new Decoding(TimeProvider.System, budget: 100);
        var (held, most, ofPool) = (0L, 0L, false);
        var gate = new Lock();

        await Task.WhenAll(
            Enumerable
                .Range(1, 30)
                .Select(i =>
                    decoding.RunAsync(
                        i * 3,
                        Ever,
                        _ =>
                        {
                            lock (gate)
                            {
                                held += i * 3;
                                most = Math.Max(most, held);
                                ofPool |= Thread.CurrentThread.IsThreadPoolThread;
                            }
                            Thread.Yield();
                            lock (gate)
                                held -= i * 3;
                            return i;
                        },
                        CancellationToken.None
                    )
                )
        );

        most.Should().BeInRange(90, 100);
        ofPool.Should().BeFalse();
        await Eventually.TrueAsync(() => decoding.HeldBytes == 0);
        var tooLarge = () => decoding.RunAsync(101, Ever, _ => 0, CancellationToken.None);
        (await tooLarge.Should().ThrowAsync<DecodingTooLargeException>()).WithMessage("*101*100*");
    }

    [Fact]
    public async Task Who_waits_for_a_decoder_is_one_of_few_and_does_not_wait_for_long()
    {
        var clock = new FakeTimeProvider();
        using var decoding = new Decoding(clock, budget: 10, waitingMaximum: 2, waitLimit: TimeSpan.FromSeconds(15));
        using var end = new ManualResetEventSlim();
        var running = decoding.RunAsync(10, Ever, _ => end.Wait(Ever, CancellationToken.None), CancellationToken.None);
        var waiting = Enumerable.Range(0, 2).Select(_ => decoding.RunAsync(1, Ever, _ => 0, CancellationToken.None)).ToArray();

        var oneMore = () => decoding.RunAsync(1, Ever, _ => 0, CancellationToken.None);
        (await oneMore.Should().ThrowAsync<ApiProblem>())
            .Which.Should()
            .Match<ApiProblem>(f => f.Error == Errors.ServerUnavailable && f.RetryAfter > TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(16));
        foreach (var one in waiting)
        {
            var waited = () => one;
            (await waited.Should().ThrowAsync<ApiProblem>()).Which.Error.Should().Be(Errors.ServerUnavailable);
        }
        decoding.WaitingCount.Should().Be(0);

        end.Set();
        (await running).Should().BeTrue();
        (await decoding.RunAsync(10, Ever, _ => 7, CancellationToken.None)).Should().Be(7);
    }

    [Fact]
    public async Task A_decoding_that_outlives_its_limit_or_its_caller_keeps_its_room_until_it_ends()
    {
        using var decoding = new Decoding(TimeProvider.System, budget: 10);
        using var end = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var late = () =>
            decoding.RunAsync(5, TimeSpan.FromMilliseconds(50), stop => end.Wait(Ever, CancellationToken.None), CancellationToken.None);
        var left = decoding.RunAsync(5, Ever, stop => WaitHandle.WaitAny([stop.WaitHandle, end.WaitHandle]), gone.Token);

        await late.Should().ThrowAsync<TimeoutException>();
        decoding.HeldBytes.Should().Be(10);
        await gone.CancelAsync();
        var leaving = () => left;
        await leaving.Should().ThrowAsync<OperationCanceledException>();
        await Eventually.TrueAsync(() => decoding.HeldBytes == 5);
        end.Set();
        await Eventually.TrueAsync(() => decoding.HeldBytes == 0);
    }

    [Fact]
    public async Task Posters_of_many_sizes_are_few_files_and_none_is_larger_than_asked()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", await SampleMedia.ReadAsync("large.jpg"))).Json.GetProperty("id").GetString()!;

        foreach (var (width, height) in Enumerable.Range(1, 28).Select(i => (Width: 1 + (i * i * 2), Height: 1920 - (i * 60))))
        {
            var poster = await ana.GetAsync(
                $"/v1/stories/{id}/poster?width={width}&height={height}",
                ("Accept", width % 2 == 0 ? "image/png" : "image/jpeg")
            );
            var (asIs, upright) = (Path.GetTempFileName(), (Width: 0, Height: 0));
            await File.WriteAllBytesAsync(asIs, poster.Body);
            var shape = MediaInspector.ReadShape(asIs);
            File.Delete(asIs);
            upright = (shape.UprightWidth, shape.UprightHeight);
            upright.Width.Should().BeInRange(1, width);
            upright.Height.Should().BeInRange(1, height);
        }

        PostersOf(host, id).Should().HaveCountGreaterThan(3).And.HaveCountLessThanOrEqualTo(PosterCache.FilesOfAStory);
        host.Services.GetRequiredService<PosterCache>().Bytes.Should().Be(PostersOf(host, id).Sum(path => new FileInfo(path).Length));
        await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null);
        await Eventually.TrueAsync(() => PostersOf(host, id).Length == 0 || Advance(host));
        host.Services.GetRequiredService<PosterCache>().Bytes.Should().Be(0);
    }

    [Fact]
    public async Task A_poster_that_many_ask_for_at_once_is_made_once()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", await SampleMedia.ReadAsync("large.jpg"))).Json.GetProperty("id").GetString()!;
        var before = host.Services.GetRequiredService<Decoding>().Count;

        var posters = await Task.WhenAll(
            Enumerable.Range(641, 12).Select(side => ana.GetAsync($"/v1/stories/{id}/poster?width={side}&height={side}"))
        );

        posters.Should().OnlyContain(poster => poster.Status == HttpStatusCode.OK && poster.Body.SequenceEqual(posters[0].Body));
        host.Services.GetRequiredService<Decoding>().Count.Should().Be(before + 1);
        PostersOf(host, id).Should().ContainSingle();
    }

    [Fact]
    public async Task Posters_of_an_earlier_version_go_and_later_ones_are_counted_when_the_server_starts()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        await ana.GetAsync($"/v1/stories/{id}/poster?width=160");
        var (kept, media) = (PostersOf(host, id).Single(), host.Services.GetRequiredService<MediaFolder>().PathOf(id));
        string[] old = [media + ".100x100.jpg", media + ".before.640x640.png"];
        await host.StopAsync();
        foreach (var path in old)
            await File.WriteAllBytesAsync(path, [1, 2, 3]);

        await host.StartAgainAsync();

        await Eventually.TrueAsync(() =>
            !old.Any(File.Exists) && host.Services.GetRequiredService<PosterCache>().Bytes == new FileInfo(kept).Length
        );
        File.Exists(media).Should().BeTrue();
    }

    [Fact]
    public void All_posters_together_have_a_limit_and_the_least_asked_for_goes_first()
    {
        var path = Directory.CreateTempSubdirectory("stories-posters-").FullName;
        try
        {
            using var directory = DataDirectory.Open(Path.Combine(path, "data"));
            var folder = new MediaFolder(directory);
            var options = new ServerOptions
            {
                Data = directory.Path,
                Listen = [],
                DiskFloorBytes = 0,
            };
            var memory = new MediaCache(folder);
            using var cache = new PosterCache(directory, folder, memory, options, NullLogger<PosterCache>.Instance, totalBytes: 1000);
            string[] ids = ["01AAAAAAAAAAAAAAAAAAAAAAAA", "01BBBBBBBBBBBBBBBBBBBBBBBB", "01CCCCCCCCCCCCCCCCCCCCCCCC"];
            Array.ForEach(ids, directory.MakeMediaFolder);
            Array.ForEach(ids, id => File.WriteAllText(folder.PathOf(id), "a picture"));

            cache.Keep(ids[0], "p640.jpg", new byte[400]);
            cache.Keep(ids[1], "p640.jpg", new byte[400]);
            cache.TryRead(ids[0], "p640.jpg")!.Content.Should().HaveCount(400);
            cache.Keep(ids[2], "p640.jpg", new byte[400]);

            ids.Select(id => folder.HasDerived(id, "p640.jpg")).Should().Equal(true, false, true);
            cache.Bytes.Should().Be(800);
            using var full = new PosterCache(
                directory,
                folder,
                memory,
                options with
                {
                    DiskFloorBytes = long.MaxValue / 2,
                },
                NullLogger<PosterCache>.Instance
            );
            full.Keep(ids[1], "p320.jpg", new byte[10]);
            folder.HasDerived(ids[1], "p320.jpg").Should().BeFalse("a poster takes nothing of the room below the floor");
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static bool Advance(ServerHost host)
    {
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        return false;
    }

    private static string[] PostersOf(ServerHost host, string id) =>
        [
            .. Directory
                .GetFiles(Path.Combine(host.DataPath, "media"), id + "*", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(path) != id),
        ];

    /// <summary>A PNG with invalid pixel data, which only a decoder would notice.</summary>
    private static byte[] PngOf(int width, int height, byte depth, bool interlaced)
    {
        var header = new byte[13];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header, width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, 6, interlaced ? (byte)1 : (byte)0);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Exif.Chunk("IHDR", header), .. Exif.Chunk("IDAT", [1, 2, 3]), .. Exif.Chunk("IEND", [])];
    }
}
