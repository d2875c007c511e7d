using System.Globalization;
using StoriesCli.Client.Programs;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

/// <summary>Puts events into words.</summary>
internal static class EventText
{
    /// <summary>Fixed column widths for a terminal, because lines are printed one by one.</summary>
    public static readonly int[] Widths = [9, 14, 26, 0];

    /// <summary>Time, event, story, person or author, and text.</summary>
    public static string[] ToRow(StoryEvent happened) =>
        [StoryText.Stamp(happened.At), happened.Type, happened.StoryId ?? "", WhoHandle(happened), Words(happened)];

    /// <summary>A shorter row for terminals, with more room for the text.</summary>
    public static string[] ToShortRow(StoryEvent happened)
    {
        var row = ToRow(happened);
        return
        [
            happened.At.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            row[1],
            row[2],
            string.Join(": ", new[] { row[3], row[4] }.Where(part => part.Length > 0)),
        ];
    }

    /// <summary>Private viewers have no name here.</summary>
    private static string WhoHandle(StoryEvent happened) =>
        EventProgram.PersonOf(happened)?.Handle ?? (happened.Type == EventTypes.View ? "(private)" : happened.Story?.Author.Handle ?? "");

    /// <summary>What is new, with the story's text last, because a line may be cut.</summary>
    private static string Words(StoryEvent happened) =>
        happened switch
        {
            { Reply: { } reply } => reply.Text,
            { Emoji: { } emoji } => emoji,
            { Token: { } token } => $"the token \"{token.Name}\" expires at {StoryText.Stamp(token.ExpiresAt)}",
            { Type: EventTypes.AccessGiven } => "an access link for your account was made",
            { Story: null } => "",
            { Type: EventTypes.Ack, Story: { } story } => $"acknowledged by {story.AckCount}: {StoryText.Headline(story)}",
            { Type: EventTypes.Vote, Story: { Poll: { } poll } } => $"poll: {Polls.Tally(poll)}",
            { Type: EventTypes.Resolved, Story: { } story } =>
                $"{(story.Help is { Resolved: false } ? "help is wanted again" : "help has come")}: {StoryText.Headline(story)}",
            { Type: EventTypes.Mention, Story: { } story } => $"mentions you: {StoryText.Headline(story)}",
            { Story: { } story } => StoryText.Headline(story),
        };
}
