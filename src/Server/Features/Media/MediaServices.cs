using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Media;

/// <summary>Receives, checks, decodes and compares stories' files, and serves them by signed links. It does not know stories.</summary>
internal static class MediaServices
{
    public static void AddMedia(this IServiceCollection services) =>
        services
            .AddSingleton(provider => provider.GetRequiredService<ServerOptions>().Media)
            .AddSingleton<MediaFolder>()
            .AddSingleton<ArrivingPosts>()
            .AddSingleton<MediaStore>(provider =>
                provider.GetRequiredService<ServerOptions>().MediaBucket is null
                    ? ActivatorUtilities.CreateInstance<FolderStore>(provider)
                    : ActivatorUtilities.CreateInstance<BucketStore>(provider)
            )
            .AddSingleton<MediaCache>()
            .AddSingleton<DamagedMedia>()
            .AddSingleton<MediaReader>()
            .AddSingleton<MediaCheck>()
            .AddHostedService(provider => provider.GetRequiredService<MediaCheck>())
            .AddSingleton<MediaReceiver>()
            .AddSingleton(provider => new VipsLibrary(
                provider.GetRequiredService<DataDirectory>().File("lib"),
                provider.GetRequiredService<ServerOptions>().VipsLibrary
            ))
            .AddSingleton(provider => new Decoding(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new PosterMaker(provider.GetRequiredService<VipsLibrary>(), provider.GetRequiredService<Decoding>()))
            .AddSingleton(provider => new Ffmpeg(
                provider.GetRequiredService<ServerOptions>().Ffmpeg,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new HeicConverter(
                provider.GetRequiredService<ServerOptions>().Heic,
                provider.GetRequiredService<DataDirectory>(),
                provider.GetRequiredService<MediaLimits>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<VideoPictures>()
            .AddSingleton(provider => new ImageCheck(provider.GetRequiredService<VipsLibrary>(), provider.GetRequiredService<Decoding>()))
            .AddSingleton(provider => new PictureComparison(
                provider.GetRequiredService<VipsLibrary>(),
                provider.GetRequiredService<DataDirectory>(),
                provider.GetRequiredService<Decoding>()
            ))
            .AddSingleton<PosterCache>()
            .AddHostedService(provider => provider.GetRequiredService<PosterCache>())
            .AddSingleton<Posters>()
            .AddSingleton<LinkSigner>()
            .AddSingleton<MediaLinks>();
}
