using System.CommandLine;
using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Keep;

internal static class HighlightsCommand
{
    public static Command Make(Runner runner)
    {
        var handle = new Argument<string?>("HANDLE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Whose highlights (default: yours).",
        };
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Highlight whose stories to list." };
        var markdown = new Option<bool>("--md") { Description = "Prints Markdown." };
        var order = new Option<string[]>("--order")
        {
            HelpName = "ID",
            Description = "Set the order of the stories in one of your highlights. Name all of them, each once.",
            AllowMultipleArgumentsPerToken = true,
        };
        var delete = new Option<bool>("--delete")
        {
            Description = "Delete one of your highlights, which no longer keeps its stories. Asks on a terminal; otherwise needs --yes.",
        };
        var yes = new Option<bool>("--yes") { Description = "Delete it without asking." };
        yes.Aliases.Add("-y");
        var command = new StoriesCommand(
            "highlights",
            "List highlights, or the stories of one. A highlight keeps stories beyond their lifetime."
        )
        {
            handle,
            name,
            markdown,
            order,
            delete,
            yes,
        }.With(
            [
                "stories highlights",
                "stories highlights @ana releases --md",
                "stories highlights @ana releases --order 01kb3v8sxq7m2c4w9e5r1t0y6z 01kb3v8sxq7m2c4w9e5r1t0y70",
                "stories highlights @ana releases --delete --yes",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.Validators.Add(given =>
        {
            if (given.GetValue(order) is { Length: > 0 } && given.GetValue(delete))
            {
                given.AddError("--order and --delete exclude each other.");
            }
        });
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var asMarkdown = Markdown.IsWanted(session, parsed, markdown);
                    var who = parsed.GetValue(handle) is { } given
                        ? Handles.Check(given)
                        : await session.GetHandleAsync(cancel).ConfigureAwait(false);
                    var which = parsed.GetValue(name);
                    var wanted = parsed.GetValue(order) ?? [];
                    if (which is null && (wanted.Length > 0 || parsed.GetValue(delete)))
                    {
                        throw CommandException.Usage("Name the highlight after the handle.");
                    }
                    if (which is null)
                    {
                        await ListAsync(session, who, asMarkdown, cancel).ConfigureAwait(false);
                        return ExitCode.Done;
                    }
                    if (!Names.Highlight.IsMatch(which))
                    {
                        throw new CommandException(
                            ExitCode.NotFound,
                            $"There is no highlight \"{which}\". A name has 1 to 64 characters of a-z, 0-9, ., _ and -."
                        );
                    }
                    if (parsed.GetValue(delete))
                    {
                        return await DeleteAsync(session, who, which, parsed.GetValue(yes), cancel).ConfigureAwait(false);
                    }
                    if (wanted.Length > 0)
                    {
                        await session.Api.Highlights.OrderAsync(who, which, [.. wanted.Select(Ids.Check)], cancel).ConfigureAwait(false);
                    }
                    PrintStories(
                        session,
                        await session.Api.Highlights.GetAsync(who, which, cancel).ConfigureAwait(false),
                        which,
                        asMarkdown
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task<int> DeleteAsync(Session session, string who, string name, bool yes, CancellationToken cancel)
    {
        var what = $"This deletes the highlight {name}. It no longer keeps its stories, and those past their lifetime expire at once";
        if (!yes && !session.Context.InIsTerminal)
        {
            throw CommandException.Usage($"{what}. To confirm, add --yes.");
        }
        if (!yes && !await session.Out.ConfirmAsync($"{what}. Delete it? [y/N]", cancel).ConfigureAwait(false))
        {
            return ExitCode.Failed;
        }
        await session.Api.Highlights.DeleteAsync(who, name, cancel).ConfigureAwait(false);
        session.Out.Note($"The highlight {name} is deleted.");
        return ExitCode.Done;
    }

    private static async Task ListAsync(Session session, string who, bool markdown, CancellationToken cancel)
    {
        var highlights = await session.Api.Highlights.ListAsync(who, cancel).ConfigureAwait(false);
        if (markdown)
        {
            session.Out.Line(
                $"# Highlights of @{MarkdownText.Escape(who)}\n\n"
                    + string.Join('\n', highlights.Select(it => $"- {MarkdownText.Escape(it.Name)} ({it.Count})"))
            );
            return;
        }
        Listing.Print(
            session,
            highlights,
            ["name", "stories", "age", "first"],
            it => it.Name,
            it => [it.Name, it.Count.ToString(CultureInfo.InvariantCulture), StoryText.Age(it.LatestAt, session.Now), it.FirstId]
        );
    }

    private static void PrintStories(Session session, Story[] stories, string name, bool markdown)
    {
        if (markdown)
        {
            session.Out.Line(
                $"# {MarkdownText.Escape(name)}\n\n"
                    + string.Join(
                        '\n',
                        stories.Select(story =>
                            $"- {MarkdownText.Escape(StoryText.Headline(story))} — @{MarkdownText.Escape(story.Author.Handle)}, {StoryText.Time(story.CreatedAt)} (`{story.Id}`)"
                        )
                    )
            );
            return;
        }
        StoryOutput.Print(session, stories);
    }
}
