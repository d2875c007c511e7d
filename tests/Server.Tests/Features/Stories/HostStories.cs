using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Tests.Features.Stories;

internal static class HostStories
{
    /// <summary>What the server holds of stories, whoever may see it.</summary>
    public static StoryStore GetStories(this IServiceProvider services) => services.GetRequiredService<StoryStore>();
}
