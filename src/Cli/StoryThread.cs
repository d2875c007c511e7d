using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>What was said under a story.</summary>
internal static class StoryThread
{
    public static Task<IReadOnlyList<(Person Author, DateTimeOffset At, string Text)>> ReadAsync(Session session, Story story, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<(Person, DateTimeOffset, string)>>([]);
}
