using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Conversation;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Conversation;

internal static class HostThreads
{
    /// <summary>The server's store of conversations, without checks of who may read them.</summary>
    public static ThreadStore Threads(this ServerHost host) => host.Services.GetRequiredService<ThreadStore>();
}
