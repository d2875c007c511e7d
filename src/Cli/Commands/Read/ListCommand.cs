using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Read;

internal static class ListCommand
{
    public static Command Make(Runner runner)
    {
        var author = new Option<string?>("--author") { HelpName = "HANDLE", Description = "Only stories by this person." };
        var kind = new Option<string?>("--kind")
        {
            HelpName = "KIND",
            Description = "Only this kind: image, video, audio, text or recording.",
        };
        var tag = new Option<string?>("--tag") { HelpName = "TAG", Description = "Only stories with this tag." };
        var slot = new Option<string?>("--slot") { HelpName = "NAME", Description = "Only the story in this slot." };
        var history = new Option<bool>("--history") { Description = "Include stories that newer ones in the slot have replaced." };
        var unseen = new Option<bool>("--unseen") { Description = "Only stories that you have not seen." };
        var since = new Option<string?>("--since")
        {
            HelpName = "TIME",
            Description = "Only stories posted since: 24h, a local date or time (2026-11-22, 2026-11-22T18:00), or 2026-11-22T18:00:00Z.",
        };
        var search = new Option<string?>("--search")
        {
            HelpName = "WORDS",
            Description = "Only stories with these words in caption, text, tags or author.",
        };
        var limit = new Option<int>("--limit")
        {
            HelpName = "N",
            Description = "Show at most N.",
            DefaultValueFactory = _ => Limits.PageDefault,
        };
        var all = new Option<bool>("--all") { Description = "Show all." };
        limit.Validators.Add(Numbers.FromOne("--limit"));
        all.Validators.Add(Numbers.Not(limit));
        history.Validators.Add(given =>
        {
            if (given is { Implicit: false } && given.GetResult(slot) is null or { Implicit: true })
            {
                given.AddError("--history needs a slot: add --slot NAME.");
            }
        });
        var command = new StoriesCommand("list", "List the active stories that you may see, newest first.")
        {
            author,
            kind,
            tag,
            slot,
            history,
            unseen,
            since,
            search,
            limit,
            all,
        }.With(
            [
                "stories list --unseen",
                "stories list --author ana --kind video --since 24h",
                "stories list --author ci --slot build/main --history",
                "stories list --all --json | jq -r '.[].media.sha256'",
            ],
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var most = parsed.GetValue(all) ? int.MaxValue : parsed.GetValue(limit);
                    var query = new StoryQuery
                    {
                        Author = parsed.GetValue(author) is ['@', .. var handle] ? handle : parsed.GetValue(author),
                        Kind = parsed.GetValue(kind),
                        Tag = parsed.GetValue(tag),
                        Slot = SlotName.Read(session, parsed.GetValue(slot)),
                        History = parsed.GetValue(history),
                        Unseen = parsed.GetValue(unseen),
                        Since = LocalTime.ReadSince(session, parsed.GetValue(since)),
                        Search = parsed.GetValue(search),
                        Limit = Math.Min(most, Limits.PageMaximum),
                    };
                    var stories = await session
                        .Api.Stories.ListAllAsync(query, cancel)
                        .Take(most)
                        .ToArrayAsync(cancel)
                        .ConfigureAwait(false);
                    StoryOutput.Print(session, stories);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
