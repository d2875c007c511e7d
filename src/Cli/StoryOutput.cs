using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Prints stories in the format that was asked for.</summary>
internal static class StoryOutput
{
    /// <param name="session">Where to.</param>
    /// <param name="stories">The stories, in order.</param>
    /// <param name="alone">Whether the command is about one story: JSON is then the story itself, no array.</param>
    public static void Print(Session session, IReadOnlyList<Story> stories, bool alone = false)
    {
        if (session.Out.IsJson && alone)
        {
            session.Out.Json(stories[0], ContractsJson.Default.Story);
        }
        else if (session.Out.IsJson)
        {
            session.Out.Json([.. stories], ContractsJson.Default.StoryArray);
        }
        else if (session.Out.IsQuiet)
        {
            session.Out.Rows(["id"], [.. stories.Select(story => new[] { story.Id })]);
        }
        else
        {
            session.Out.Rows(StoryText.Headers, [.. stories.Select(story => StoryText.ToRow(story, session.Now))]);
        }
    }
}
