using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>The question of the day: its answers, answering it, and for admins asking it.</summary>
internal sealed class ShowQuestion() : TuiAction("the question of the day", null, new ActionKey("question", "Q"))
{
    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => ListDialog.Load(model, "The question of the day", new Load());

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var mayAsk =
                await context.Client.Accounts.GetMeAsync(stop).ConfigureAwait(false) is { Role: Roles.Owner or Roles.Admin } me
                && me.Scopes.Contains(Scopes.Admin);
            try
            {
                var question = await context.Client.Questions.GetAsync(stop).ConfigureAwait(false);
                return new Loaded(
                    question,
                    [.. await context.Client.Questions.ListAnswersAsync(question.Id, stop).ConfigureAwait(false)],
                    mayAsk
                );
            }
            catch (ApiException e) when (e.Code == Errors.QuestionNotFound.Code)
            {
                return new Loaded(null, [], mayAsk);
            }
        }
    }

    /// <param name="Question">Today's question, if there is one.</param>
    /// <param name="Answers">The stories that answer it.</param>
    /// <param name="MayAsk">Whether the viewer may ask one.</param>
    public sealed record Loaded(Question? Question, ImmutableArray<Story> Answers, bool MayAsk) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            awaited && model.Dialog is ListDialog list
                ? model with
                {
                    Dialog = list with
                    {
                        Title = Question is { } question
                            ? $"asked by @{question.Asker.Handle} · {Format.Left(question.EndsAt - model.Now)}"
                            : "Nobody has asked a question today.",
                        Question = Question?.Text,
                        All = [.. Choices()],
                        Command = null,
                    },
                }
                : model;

        private IEnumerable<Choice> Choices()
        {
            if (Question is { } question)
            {
                yield return new("Answer it", "with a story", new AnswerChosen());
                var answers = Answers
                    .OrderBy(story => story.Author.Handle, StringComparer.Ordinal)
                    .ThenBy(story => story.Id, StringComparer.Ordinal)
                    .ToImmutableArray();
                // Not its text: that is a sentence, and the row has short names.
                const string title = "answers";
                if (answers.Length > 0)
                {
                    yield return new(
                        answers.Length == 1 ? "Look at the answer" : $"Look at all {answers.Length} answers",
                        "",
                        new AnswersChosen(title, answers, null)
                    );
                }
                foreach (var answer in answers)
                {
                    yield return new($"@{answer.Author.Handle}", Format.Title(answer), new AnswersChosen(title, answers, answer.Id));
                }
            }
            if (MayAsk)
            {
                yield return new(
                    Question is null ? "Ask a question" : "Put it in other words",
                    "everybody sees it",
                    new DialogMsg.Open(new QuestionPrompt(Question?.Text ?? ""))
                );
            }
        }
    }

    /// <summary>Opens the post form, with what was begun in it, as an answer.</summary>
    private sealed record AnswerChosen : ActionMsg
    {
        public override Model Update(Model model)
        {
            var form = (model.Unsent.Post ?? PostForm.New(model.Session.Restricted)).AsAnswer();
            return model with { Dialog = form, Unsent = model.Unsent with { Post = form } };
        }
    }

    /// <summary>Opens the answers as an album, from one of them on.</summary>
    private sealed record AnswersChosen(string Title, ImmutableArray<Story> Stories, string? StoryId) : ActionMsg
    {
        public override Model Update(Model model) => Albums.OpenAt(model with { Dialog = null }, Title, Stories, StoryId);
    }

    private sealed record QuestionPrompt(string Before)
        : PromptDialog("Ask everybody, for a day", $"at most {Limits.QuestionCharacters} characters", TextEdit.Of(Before))
    {
        protected override Command? Read(Model model, string answer) => answer.Length > 0 ? new Ask(answer) : null;
    }

    public sealed record Ask(string Text) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Questions.PutAsync(Text, stop).ConfigureAwait(false);
            return new Notice("Everybody is asked, for a day.");
        }
    }
}
