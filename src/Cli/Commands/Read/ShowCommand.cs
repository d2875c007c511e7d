using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Tui.Cards;

namespace StoriesCli.Cli.Commands.Read;

internal static class ShowCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var command = new StoriesCommand(
            "show",
            "Show one story with its text and thread, and its picture on a terminal. Does not mark it as seen."
        )
        {
            id,
        }.With(
            ["stories show 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories show 01kb3v8sxq7m2c4w9e5r1t0y6z --json | jq -r .expiresAt"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = await GetAsync(session, Ids.Check(parsed.GetRequiredValue(id)), cancel).ConfigureAwait(false);
                    if (session.Out.IsJson || session.Out.IsQuiet)
                    {
                        StoryOutput.PrintOne(session, story);
                    }
                    else
                    {
                        session.Out.Drawing(await StoryPicture.DrawAsync(session, story, cancel).ConfigureAwait(false));
                        var text = await FullText.ReadAsync(session.Api, story, cancel).ConfigureAwait(false);
                        var context = session.Context;
                        if (text is not null && context.OutIsTerminal && context.HasColour)
                        {
                            session.Out.Line(StoryText.Describe(story, wholeText: null, session.Now) + "\n");
                            session.Out.Drawing(
                                CardLines.Draw(
                                    text,
                                    story.Media.FileName,
                                    Math.Clamp(context.Width(), 20, 100),
                                    context.Environment("COLORTERM") is "truecolor" or "24bit"
                                )
                            );
                        }
                        else
                        {
                            session.Out.Line(StoryText.Describe(story, text, session.Now));
                        }
                        foreach (var reply in await StoryThread.ReadAsync(session, story, cancel).ConfigureAwait(false))
                        {
                            session.Out.Line("\n" + StoryThread.Describe(reply, session.Now));
                        }
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>Tells that the thread of an expired story may still be readable.</summary>
    private static async Task<Story> GetAsync(Session session, string id, CancellationToken cancel)
    {
        try
        {
            return await session.Api.Stories.GetAsync(id, cancel).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Code == Errors.StoryExpired.Code && !session.Out.IsJson)
        {
            if (await StoryThread.CountLeftAsync(session, id, cancel).ConfigureAwait(false) is > 0 and var left)
            {
                session.Out.Note($"Its thread is still readable ({left}): \"stories reply {id}\" lists it.");
            }
            throw;
        }
    }
}
