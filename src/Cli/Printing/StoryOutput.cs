using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Prints stories in the requested format.</summary>
internal static class StoryOutput
{
    // The last column is shown only if a story asks something.
    private static readonly int CaptionColumn = StoryText.Headers.Length - 2;

    public static void Print(Session session, IReadOnlyList<Story> stories) =>
        Listing.Print(session, stories, StoryText.Headers, story => story.Id, story => StoryText.ToRow(story, session.Now), CaptionColumn);

    /// <summary>Prints one story; its JSON is not an array.</summary>
    public static void PrintOne(Session session, Story story) =>
        Listing.PrintOne(session, story, StoryText.Headers, it => it.Id, it => StoryText.ToRow(it, session.Now), CaptionColumn);
}
