using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Stories;

namespace StoriesCli.Server.Tests.Stories;

internal static class HostStories
{
    /// <summary>What the server holds of stories, whoever may see it.</summary>
    public static StoryStore GetStories(this IServiceProvider services) => services.GetRequiredService<StoryStore>();
}
