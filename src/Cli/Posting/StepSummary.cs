using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Posting;

/// <summary>The page on which GitHub, Forgejo and Gitea show what a job did: a Markdown file that they name.</summary>
internal static class StepSummary
{
    private const string Variable = "GITHUB_STEP_SUMMARY";

    public static Option<bool> Option() =>
        new("--summary")
        {
            Description = $"Add a line about the story to the job's summary, the file in {Variable}. Without it, does nothing.",
        };

    /// <summary>Never fails: the story is posted.</summary>
    public static void Add(Session session, Story story)
    {
        if (session.Context.Environment(Variable) is not { Length: > 0 } path)
        {
            return;
        }
        if (!FileKind.IsRegularOrNone(path) || Directory.Exists(path))
        {
            // Opening a pipe would wait for a reader.
            session.Out.Warn(
                $"The summary {LocalFiles.NameOf(path)} cannot be written: it is no file, but a directory, a pipe or a device."
            );
            return;
        }
        try
        {
            File.AppendAllText(path, Describe(session.Connection.Server, story));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            session.Out.Warn($"The summary {LocalFiles.NameOf(path)} cannot be written: {FileFault.Reason(e)}.");
        }
    }

    private static string Describe(Uri server, Story story)
    {
        var title = CleanText.OneLine(story.Caption ?? story.Media.FileName ?? story.Kind);
        var slot = story.Slot is null ? "" : $" in `{story.Slot}`";
        return $"- **{MarkdownText.Escape(Columns.Cut(title, 200))}**{slot} on {ServerAddress.Origin(server)} until {story.ExpiresAt:yyyy-MM-dd HH:mm} UTC: `stories show {story.Id}`\n";
    }
}
