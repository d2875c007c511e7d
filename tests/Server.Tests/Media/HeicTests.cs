using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Media;

public sealed class HeicTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private static readonly string? SearchPath = Environment.GetEnvironmentVariable("PATH");

    [Fact]
    public async Task It_is_kept_as_the_jpeg_it_becomes_upright_and_without_metadata_and_the_answer_says_so()
    {
        await using var host = await StartAsync(HeicChoice.Parse("auto", SearchPath));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await MakeAsync()), "file", "IMG_1.HEIC" } };

        var story = (await ana.SendAsync(HttpMethod.Post, "/v1/stories", form)).Json;

        var file = story.GetProperty("media");
        file.GetProperty("type").GetString().Should().Be("image/jpeg");
        file.GetProperty("convertedFrom").GetString().Should().Be("image/heic");
        file.GetProperty("fileName").GetString().Should().Be("IMG_1.jpg");
        await host.RestartAsync();
        var path = $"/v1/stories/{story.GetProperty("id").GetString()}";
        (await ana.GetAsync(path)).Json.GetProperty("media").GetProperty("convertedFrom").GetString().Should().Be("image/heic");
        var kept = (await ana.GetAsync(path + "/media")).Body;
        kept.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(SampleMedia.Secret)).Should().Be(-1);
        var jpeg = media.Write(kept, "kept.jpg");
        Inspecting.Inspect(jpeg).Should().Be(new MediaFacts("image", "image/jpeg", 320, 180));
        (await Tools.RunAsync("exiftool", ["-s", "-Orientation", "-XMP:all", "-GPS:all", jpeg])).Should().BeEmpty("what was told of the file is gone, and nothing turns it again");
        (await ana.GetAsync(path + "/poster")).Status.Should().Be(HttpStatusCode.OK);
        (await ana.GetAsync("/v1/limits")).Json.GetProperty("imageTypes").EnumerateArray().Select(t => t.GetString()).Should().Contain("image/heic");
        Directory.EnumerateFileSystemEntries(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_converter_it_is_refused_by_its_name_with_what_to_do()
    {
        await using var host = await StartAsync(HeicChoice.Off);
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var refused = await ana.PutAsync("/v1/stories", await MakeAsync());

        refused.Status.Should().Be(HttpStatusCode.UnsupportedMediaType);
        refused.Detail.Should().Contain(HeifBrands.Heic).And.Contain("Save it as JPEG").And.Contain("--heic auto");
    }

    [Theory]
    [InlineData("exec sleep 600", "longer than")]
    [InlineData("exec dd if=/dev/zero of=/dev/null bs=2G count=1 status=none", "cannot be converted")]
    [InlineData("exec dd if=/dev/zero of=\"$4\" bs=1M count=100 status=none", "cannot be converted")]
    [InlineData("exit 0", "made nothing")]
    [InlineData("echo no picture >\"$4\"", "JPEG")]
    [InlineData("cp \"$0.jpg\" \"$4\"", "320 × 180")]
    public async Task What_goes_beyond_its_bounds_or_makes_something_else_is_refused_and_leaves_nothing(string script, string reason)
    {
        var program = media.Write($"#!/bin/sh\nPATH={SearchPath}\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(await SampleMedia.GetAsync("large.jpg"), program + ".jpg");
        var path = Path.Combine(Path.GetDirectoryName(program)!, "data");
        using var directory = DataDirectory.Open(path);
        using var converter = new HeicConverter(HeicChoice.Parse(program, SearchPath), directory, new MediaLimits(), TimeProvider.System, TimeSpan.FromSeconds(reason == "longer than" ? 1 : 15));
        await using (var file = IncomingFile.Create(directory))
        {
            await file.WriteAsync(await MakeAsync());

            var converting = () => converter.ConvertAsync(file, CancellationToken.None);

            (await converting.Should().ThrowAsync<MediaRefusedException>()).Which.Message.Should().Contain(reason);
        }
        Directory.EnumerateFileSystemEntries(directory.TemporaryPath).Should().BeEmpty();
    }

    [Fact]
    public async Task One_of_too_many_pixels_is_not_given_to_the_converter()
    {
        var program = media.Write("#!/bin/sh\n: >\"$0.called\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var directory = DataDirectory.Open(Path.Combine(Path.GetDirectoryName(program)!, "data"));
        using var converter = new HeicConverter(HeicChoice.Parse(program, SearchPath), directory, new MediaLimits { ImagePixels = 10_000 }, TimeProvider.System);
        await using var file = IncomingFile.Create(directory);
        await file.WriteAsync(await MakeAsync());

        var converting = () => converter.ConvertAsync(file, CancellationToken.None);

        (await converting.Should().ThrowAsync<MediaTooLargeException>()).WithMessage("*320 × 180*10,000*");
        File.Exists(program + ".called").Should().BeFalse();
    }

    private static Task<ServerHost> StartAsync(HeicChoice choice) => ServerHost.StartAsync(options => options with { Heic = choice });

    private async Task<byte[]> MakeAsync()
    {
        var path = media.Write([], "photo.heic");
        await Tools.RunAsync("heif-enc", ["-o", path, await SampleMedia.GetAsync("photo.png")]);
        await Tools.RunAsync("exiftool", ["-q", "-overwrite_original", "-Orientation#=6", "-GPSLatitude=48.2", "-GPSLatitudeRef=N", $"-XMP:Title={SampleMedia.Secret}", path]);
        return await File.ReadAllBytesAsync(path);
    }
}
