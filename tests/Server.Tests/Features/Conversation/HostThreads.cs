using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Conversation;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Conversation;

internal static class HostThreads
{
    /// <summary>What the server holds of conversations, whoever may read it.</summary>
    public static ThreadStore Threads(this ServerHost host) => host.Services.GetRequiredService<ThreadStore>();
}
