using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Voting in a story's poll, and ending one's own.</summary>
internal static class Polls
{
    public static AppState Ask(AppState s, Story shown) =>
        shown.Poll switch
        {
            null => s.Say("This story has no poll."),
            { ClosedAt: not null } => s.Say("This poll is closed."),
            var poll => s with
            {
                Dialog = new Dialog.Choosing(poll.Question, Choices(s, shown, poll), At: poll.MyVote ?? 0)
                {
                    IsNumbered = true,
                    StoryId = shown.Id,
                },
            },
        };

    public static AppState AskToClose(AppState s, string storyId) =>
        s with
        {
            Dialog = new Dialog.Asking("Close this poll?", "It takes no more votes, and stays to be read.", new Deed.ClosePoll(storyId))
            {
                StoryId = storyId,
            },
        };

    /// <summary>Votes that come in while somebody chooses are counted there too.</summary>
    public static AppState Renew(AppState s, Story story)
    {
        if (
            s.Dialog is not Dialog.Choosing { All: [{ Then: Msg.OptionChosen }, ..] } open
            || open.StoryId != story.Id
            || story.Poll is not { } poll
        )
        {
            return s;
        }
        return poll.ClosedAt is not null
            ? (s with { Dialog = null }).Say("This poll is closed.")
            : s with
            {
                Dialog = open with { All = Choices(s, story, poll) },
            };
    }

    private static ImmutableArray<Choice> Choices(AppState s, Story story, StoryPoll poll) =>
        [
            .. poll.Options.Select(
                (option, i) =>
                    new Choice(option.Text, Votes(option.Votes) + (poll.MyVote == i ? ", yours" : ""), new Msg.OptionChosen(story.Id, i))
            ),
            .. story.Author.Handle == s.Me ? (Choice[])[new("Close the poll", "no more votes", new Msg.PollEnding(story.Id))] : [],
        ];

    private static string Votes(int count) => Counted.Of(count, "vote");
}
