using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>The question of the day: its answers, answering it, and asking it.</summary>
internal static class Questions
{
    public static AppState Show(AppState s, Dialog.Choosing list, Outcome.Asked asked) =>
        s with
        {
            Dialog = list with
            {
                Title = asked.Question is { } question
                    ? $"asked by @{question.Asker.Handle} · {Words.Span(question.EndsAt - s.Now)} left"
                    : "Nobody has asked a question today.",
                Question = asked.Question?.Text,
                All = [.. Choices(s, asked)],
                Deed = null,
            },
        };

    /// <summary>The form, with what was begun in it, as an answer.</summary>
    public static AppState Answer(AppState s)
    {
        var form = Forms.Answering(s.PostForm ?? Forms.NewPost(s.Restricted));
        return s with { Dialog = form, PostForm = form };
    }

    public static AppState Ask(AppState s, string before) =>
        s with
        {
            Dialog = new Dialog.Entering(
                EntryFor.Ask,
                "Ask everybody, for a day",
                $"at most {Limits.QuestionCharacters} characters",
                TextEdit.Of(before)
            ),
        };

    private static IEnumerable<Choice> Choices(AppState s, Outcome.Asked asked)
    {
        if (asked.Question is { } question)
        {
            yield return new("Answer it", "with a story", new Msg.Answering());
            var answers = asked
                .Answers.OrderBy(story => story.Author.Handle, StringComparer.Ordinal)
                .ThenBy(story => story.Id, StringComparer.Ordinal)
                .ToImmutableArray();
            var title = $"? {question.Text}";
            if (answers.Length > 0)
            {
                yield return new(
                    answers.Length == 1 ? "Look at the answer" : $"Look at all {answers.Length} answers",
                    "",
                    new Msg.AlbumChosen(title, answers, null)
                );
            }
            foreach (var answer in answers)
            {
                yield return new($"@{answer.Author.Handle}", Live.Title(answer), new Msg.AlbumChosen(title, answers, answer.Id));
            }
        }
        if (asked.MayAsk)
        {
            yield return new(
                asked.Question is null ? "Ask a question" : "Put it in other words",
                "everybody sees it",
                new Msg.AskingQuestion(asked.Question?.Text ?? "")
            );
        }
    }
}
