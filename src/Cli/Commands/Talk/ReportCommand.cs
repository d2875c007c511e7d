using System.CommandLine;

namespace StoriesCli.Cli.Commands.Talk;

internal static class ReportCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var reason = new Argument<string[]>("REASON")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The reason, at most 1,024 characters.",
        };
        var command = new StoriesCommand(
            "report",
            "Report a story to the admins, who can see it while it is active. Its author is not told."
        )
        {
            id,
            reason,
        }.With(["stories report 01kb3v8sxq7m2c4w9e5r1t0y6z \"shows a password\""], ExitCode.NotFound, ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(parsed.GetRequiredValue(id));
                    await session
                        .Api.Reports.CreateAsync(story, string.Join(' ', parsed.GetRequiredValue(reason)), cancel)
                        .ConfigureAwait(false);
                    Listing.PrintId(session, story);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    public static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand(
            "reports",
            "List reports of active stories, newest first. \"stories show\" and \"stories rm\" work on them. Reports of your own stories go to the other admins."
        ).With(["stories admin reports", "stories admin reports --json | jq -r '.[].story.id'"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var reports = await session.Api.Reports.ListAsync(cancel).ConfigureAwait(false);
                    Listing.Print(
                        session,
                        reports,
                        ["id", "author", "by", "age", "reason"],
                        it => it.Story.Id,
                        it => [it.Story.Id, it.Story.Author.Handle, it.Reporter.Handle, StoryText.Age(it.At, session.Now), it.Reason]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
