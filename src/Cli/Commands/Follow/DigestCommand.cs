using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

internal static class DigestCommand
{
    public static Command Make(Runner runner)
    {
        var since = new Option<string>("--since")
        {
            HelpName = "TIME",
            Description =
                "Start: 24h, 7d, a local date or time (2026-11-22, 2026-11-22T18:00), or 2026-11-22T18:00:00Z; at most 30 days ago.",
            DefaultValueFactory = _ => Durations.Format(Limits.DigestSpan),
        };
        var markdown = new Option<bool>("--md") { Description = "Print Markdown, for example for stand-up notes." };
        var command = new StoriesCommand(
            "digest",
            "Show what happened lately, and who has not seen your stories. Lists what was posted, answered, kept and asked."
        )
        {
            since,
            markdown,
        }.With(
            [
                "stories digest",
                "stories digest --since 7d --md > week.md",
                "stories digest --json | jq -r '.asked.items[] | select(.open) | .text'",
            ],
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var from = LocalTime.ReadSince(session, parsed.GetRequiredValue(since));
                    if (Markdown.IsWanted(session, parsed, markdown))
                    {
                        session.Out.Line((await session.Api.Digests.GetMarkdownAsync(from, cancel).ConfigureAwait(false)).TrimEnd('\n'));
                        return ExitCode.Done;
                    }
                    var digest = await session.Api.Digests.GetAsync(from, cancel).ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, digest);
                    }
                    else if (session.Out.IsQuiet)
                    {
                        session.Out.Rows(["id"], [.. digest.Posted.Items.Select(story => new[] { story.Id })]);
                    }
                    else
                    {
                        Listing.PrintRows(
                            session,
                            [.. DigestText.Rows(digest, session.Now)],
                            DigestText.Headers,
                            row => row[1],
                            row => row
                        );
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
