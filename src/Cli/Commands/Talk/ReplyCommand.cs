using System.CommandLine;
using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Talk;

internal static class ReplyCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var words = new Argument<string[]>("TEXT")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Text of the reply, at most 2,048 characters; - reads stdin. Without TEXT, lists the replies.",
        };
        var delete = new Option<string?>("--delete")
        {
            HelpName = "REPLY",
            Description = "Delete a reply: one of yours, or one to your story.",
        };
        var command = new StoriesCommand(
            "reply",
            "Reply to a story, or list its replies. A thread stays readable for a while after its story has expired."
        )
        {
            id,
            words,
            delete,
        }.With(
            [
                "stories reply 01kb3v8sxq7m2c4w9e5r1t0y6z \"Looks good\"",
                "git log -1 | stories reply 01kb3v8sxq7m2c4w9e5r1t0y6z -",
                "stories reply 01kb3v8sxq7m2c4w9e5r1t0y6z --json",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(parsed.GetRequiredValue(id));
                    var given = parsed.GetValue(words) ?? [];
                    if (parsed.GetValue(delete) is { } unwanted)
                    {
                        var reply = Ids.Check(unwanted);
                        await session.Api.Conversation.DeleteReplyAsync(story, reply, cancel).ConfigureAwait(false);
                        Listing.PrintId(session, reply);
                    }
                    else if (given.Length == 0)
                    {
                        var replies = await session.Api.Conversation.ListRepliesAsync(story, cancel).ConfigureAwait(false);
                        Listing.Print(session, replies, StoryThread.Headers, it => it.Id, it => StoryThread.ToRow(it, session.Now));
                    }
                    else
                    {
                        var text = given is ["-"] ? await ReadAsync(session, cancel).ConfigureAwait(false) : string.Join(' ', given);
                        var reply = await session.Api.Conversation.ReplyAsync(story, text, cancel).ConfigureAwait(false);
                        Listing.PrintOne(session, reply, StoryThread.Headers, it => it.Id, it => StoryThread.ToRow(it, session.Now));
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>Reads one character more than a reply may have, so that the server refuses longer text with its limit.</summary>
    private static async Task<string> ReadAsync(Session session, CancellationToken cancel)
    {
        using var reader = new StreamReader(session.Context.In, new UTF8Encoding(false, throwOnInvalidBytes: true), leaveOpen: true);
        var buffer = new char[(Limits.ReplyCharacters + 1) * 2];
        try
        {
            var read = await reader.ReadBlockAsync(buffer.AsMemory(), cancel).AsTask().WaitAsync(cancel).ConfigureAwait(false);
            return new string(buffer, 0, read).TrimEnd('\n', '\r');
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException(ExitCode.Refused, "The text from stdin is not valid UTF-8.");
        }
    }
}
