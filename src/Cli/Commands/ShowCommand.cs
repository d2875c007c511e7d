using System.CommandLine;
using System.Text;
using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

internal static class ShowCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var command = new StoriesCommand("show", "Show one story: who, when, what, and its text. It does not count as seen.") { id }.With(
        [
            "stories show 01kb3v8sxq7m2c4w9e5r1t0y6z",
            "stories show 01kb3v8sxq7m2c4w9e5r1t0y6z --json | jq -r .expiresAt",
        ], ExitCode.NotFound);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var story = await session.Api.GetStoryAsync(Ids.Check(parsed.GetRequiredValue(id)), cancel).ConfigureAwait(false);
            if (session.Out.IsJson || session.Out.IsQuiet)
            {
                StoryOutput.Print(session, [story], alone: true);
            }
            else
            {
                session.Out.Line(StoryText.Describe(story, await ReadTextAsync(session.Api, story, cancel).ConfigureAwait(false), session.Now));
            }
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>The story itself carries the beginning of its text only.</summary>
    private static async Task<string?> ReadTextAsync(ApiClient api, Story story, CancellationToken cancel)
    {
        if (story.Text is null || story.Media.Bytes > Limits.TextBytes || Encoding.UTF8.GetByteCount(story.Text) >= story.Media.Bytes)
        {
            return story.Text;
        }
        using var whole = new MemoryStream();
        await api.DownloadAsync(story, whole, progress: null, cancel).ConfigureAwait(false);
        return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }
}
