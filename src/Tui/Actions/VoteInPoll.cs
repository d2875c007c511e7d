using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Votes in the poll of a story. Its author can also close the poll.</summary>
internal sealed class VoteInPoll() : StoryAction("vote, or close your poll", "vote", new ActionKey("vote", "v"))
{
    protected override bool Applies(Model model, Story shown) => shown.Poll is { ClosedAt: null };

    protected override Model Start(Model model, Story shown) =>
        shown.Poll switch
        {
            null => model.Notify("This story has no poll."),
            { ClosedAt: not null } => model.Notify("This poll is closed."),
            var poll => model with
            {
                Dialog = new Ballot(poll.Question, Choices(model, shown, poll), poll.MyVote ?? 0)
                {
                    IsNumbered = true,
                    Frame = "vote",
                    StoryId = shown.Id,
                },
            },
        };

    /// <summary>Votes at once, for the option with this number, from 0; the same model where nobody may.</summary>
    public static Model Vote(Model model, int option) =>
        new VoteInPoll().Applies(model) && model.Shown is { Poll: { } poll } shown && option < poll.Options.Length
            ? (model with { Elapsed = TimeSpan.Zero }).Run(new Send(shown.Id, option))
            : model;

    private static ImmutableArray<Choice> Choices(Model model, Story story, StoryPoll poll) =>
        [
            .. poll.Options.Select(
                (option, i) =>
                    new Choice(
                        option.Text,
                        Counted.Of(option.Votes, "vote") + (poll.MyVote == i ? ", yours" : ""),
                        new OptionChosen(story.Id, i)
                    )
            ),
            .. story.Author.Handle == model.Session.Me
                ? (Choice[])[new("Close the poll", "no more votes", new DialogMsg.Open(AskToClose(story.Id)))]
                : [],
        ];

    private static ConfirmDialog AskToClose(string storyId) =>
        new("Close this poll?", "It takes no more votes, and stays to be read.", new ClosePoll(storyId))
        {
            StoryId = storyId,
            IsDestructive = true,
        };

    private sealed record Ballot(string Title, ImmutableArray<Choice> All, int At) : ListDialog(Title, All, At: At)
    {
        /// <summary>Votes that arrive while somebody chooses are counted here too.</summary>
        public override Model Refresh(Model model, Story story) =>
            story.Id != StoryId || story.Poll is not { } poll ? model
            : poll.ClosedAt is not null ? (model with { Dialog = null }).Notify("This poll is closed.")
            : model with { Dialog = this with { All = Choices(model, story, poll) } };
    }

    private sealed record OptionChosen(string StoryId, int Option) : ActionMsg
    {
        public override Model Update(Model model) => (model with { Dialog = null, Elapsed = TimeSpan.Zero }).Run(new Send(StoryId, Option));
    }

    /// <param name="StoryId">The story.</param>
    /// <param name="Option">Which answer, counted from 0.</param>
    public sealed record Send(string StoryId, int Option) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new StoryChanged(await context.Client.Conversation.VoteAsync(StoryId, Option, stop).ConfigureAwait(false), "Voted.");
    }

    public sealed record ClosePoll(string StoryId) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new StoryChanged(await context.Client.Conversation.ClosePollAsync(StoryId, stop).ConfigureAwait(false), "The poll is closed.");
    }
}
