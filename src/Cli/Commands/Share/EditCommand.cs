using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class EditCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("One of your stories.");
        var caption = new Option<string?>("--caption")
        {
            HelpName = "TEXT",
            Description = "New caption, at most 2,048 characters. An empty one removes it.",
        };
        var ttl = new Option<string?>("--ttl") { HelpName = "TIME", Description = "New lifetime from now, for example 15m, 6h, 7d." };
        var tags = new Option<string[]>("--tag") { HelpName = "TAG", Description = "Replace the tags with this one. Repeat for more." };
        var noTags = new Option<bool>("--no-tags") { Description = "Remove all tags." };
        var to = new Option<string[]>("--to") { HelpName = "HANDLE", Description = "Narrow the audience to this person. Repeat for more." };
        var replies = new Option<bool>("--replies") { Description = "Allow replies." };
        var noReplies = new Option<bool>("--no-replies") { Description = "Allow no replies." };
        var command = new StoriesCommand(
            "edit",
            "Change one of your stories. Only what you name changes. The audience can only become narrower."
        )
        {
            id,
            caption,
            ttl,
            tags,
            noTags,
            to,
            replies,
            noReplies,
        }.With(
            [
                "stories edit 01kb3v8sxq7m2c4w9e5r1t0y6z --caption \"The newer desk\"",
                "stories edit 01kb3v8sxq7m2c4w9e5r1t0y6z --tag perf --no-replies",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.Validators.Add(given =>
        {
            if (given.GetValue(tags) is { Length: > 0 } && given.GetValue(noTags))
            {
                given.AddError("--tag and --no-tags exclude each other.");
            }
            if (given.GetValue(replies) && given.GetValue(noReplies))
            {
                given.AddError("--replies and --no-replies exclude each other.");
            }
        });
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var edit = new StoryEdit
                    {
                        Caption = parsed.GetValue(caption),
                        Ttl = parsed.GetValue(ttl),
                        Tags =
                            parsed.GetValue(noTags) ? []
                            : parsed.GetValue(tags) is { Length: > 0 } given ? given
                            : null,
                        Audience = parsed.GetValue(to) is { Length: > 0 } names
                            ? [.. names.Select(name => Handles.CheckAudience("--to", name))]
                            : null,
                        RepliesOn =
                            parsed.GetValue(replies) ? true
                            : parsed.GetValue(noReplies) ? false
                            : null,
                    };
                    if (edit == new StoryEdit())
                    {
                        throw CommandException.Usage("Nothing to change. Name a change, for example --caption.");
                    }
                    StoryOutput.PrintOne(
                        session,
                        await session.Api.Stories.EditAsync(Ids.Check(parsed.GetRequiredValue(id)), edit, cancel).ConfigureAwait(false)
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
