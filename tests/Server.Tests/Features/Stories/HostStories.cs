using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Tests.Features.Stories;

internal static class HostStories
{
    /// <summary>The server's store of stories, without checks of who may see them.</summary>
    public static StoryStore GetStories(this IServiceProvider services) => services.GetRequiredService<StoryStore>();
}
