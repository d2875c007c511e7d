using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Talk;

internal static class QuestionCommand
{
    public static Command Make(Runner runner)
    {
        var ask = new Option<string?>("--ask")
        {
            HelpName = "TEXT",
            Description = "Ask everybody a question for a day, as an admin. While a question is open, this rewords it and makes it yours.",
        };
        var markdown = new Option<bool>("--md") { Description = "Print question and answers as Markdown." };
        var command = new StoriesCommand(
            "question",
            "Show the question of the day and the stories that answer it. \"stories post --answers ID\" answers it."
        )
        {
            ask,
            markdown,
        }.With(
            [
                "stories question",
                "stories question --ask \"What did you learn today?\"",
                "stories question --md > answers.md",
                "stories question --json | jq -r '.text, .answers[].caption'",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var question = parsed.GetValue(ask) is { } text
                        ? await session.Api.Questions.PutAsync(text, cancel).ConfigureAwait(false)
                        : await session.Api.Questions.GetAsync(cancel).ConfigureAwait(false);
                    if (session.Out.IsQuiet)
                    {
                        session.Out.Line(question.Id);
                        return ExitCode.Done;
                    }
                    var answers = await session.Api.Questions.ListAnswersAsync(question.Id, cancel).ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, question, "answers", answers);
                        return ExitCode.Done;
                    }
                    if (Markdown.IsWanted(session, parsed, markdown))
                    {
                        session.Out.Line(
                            $"# {MarkdownText.Escape(question.Text)}\n\n"
                                + string.Join(
                                    '\n',
                                    answers.Select(story =>
                                        $"- {MarkdownText.Escape("@" + story.Author.Handle)}: {MarkdownText.Escape(StoryText.Headline(story))} (`{story.Id}`)"
                                    )
                                )
                        );
                        return ExitCode.Done;
                    }
                    session.Out.Line(
                        $"{CleanText.OneLine(question.Text)} (asked by @{question.Asker.Handle}, {StoryText.Left(question.EndsAt, session.Now)} left; {question.Id})"
                    );
                    StoryOutput.Print(session, answers);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
