using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Talk;

internal static class ReactCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var emoji = new Argument<string?>("EMOJI")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = $"One of {string.Join(' ', Reactions.Emoji)}. Replaces your earlier reaction.",
        };
        var none = new Option<bool>("--none") { Description = "Remove your reaction." };
        var command = new StoriesCommand("react", "React to a story with an emoji.") { id, emoji, none }.With(
            ["stories react 01kb3v8sxq7m2c4w9e5r1t0y6z 🎉", "stories react 01kb3v8sxq7m2c4w9e5r1t0y6z --none"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(parsed.GetRequiredValue(id));
                    if (parsed.GetValue(emoji) is null != parsed.GetValue(none))
                    {
                        throw CommandException.Usage($"Name one of {string.Join(' ', Reactions.Emoji)}, or add --none.");
                    }
                    if (parsed.GetValue(emoji) is { } chosen)
                    {
                        StoryOutput.PrintOne(
                            session,
                            await session.Api.Conversation.ReactAsync(story, chosen, cancel).ConfigureAwait(false)
                        );
                        return ExitCode.Done;
                    }
                    await session.Api.Conversation.UnreactAsync(story, cancel).ConfigureAwait(false);
                    Listing.PrintId(session, story);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
