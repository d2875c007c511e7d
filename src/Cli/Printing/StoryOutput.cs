using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Prints stories in the format that was asked for.</summary>
internal static class StoryOutput
{
    // The last column stands only where a story asks something.
    private static readonly int _caption = StoryText.Headers.Length - 2;

    public static void Print(Session session, IReadOnlyList<Story> stories) =>
        Listing.Print(session, stories, StoryText.Headers, story => story.Id, story => StoryText.ToRow(story, session.Now), _caption);

    /// <summary>For a command that is about one story: its JSON is no array.</summary>
    public static void PrintOne(Session session, Story story) =>
        Listing.PrintOne(session, story, StoryText.Headers, it => it.Id, it => StoryText.ToRow(it, session.Now), _caption);
}
