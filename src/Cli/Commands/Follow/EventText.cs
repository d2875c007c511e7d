using System.Globalization;
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

    /// <summary>The fields as environment variables, without control characters.</summary>
    public static IEnumerable<(string Name, string Value)> ToVariables(StoryEvent happened) =>
        [
            ("STORIES_EVENT_TYPE", Clean(happened.Type)),
            ("STORIES_EVENT_AT", StoryText.Stamp(happened.At)),
            ("STORIES_EVENT_STORY_ID", Clean(happened.StoryId)),
            ("STORIES_EVENT_AUTHOR", Clean(happened.Story?.Author.Handle)),
            ("STORIES_EVENT_KIND", Clean(happened.Story?.Kind)),
            ("STORIES_EVENT_CAPTION", Clean(happened.Story?.Caption)),
            ("STORIES_EVENT_SLOT", Clean(happened.Story?.Slot)),
            ("STORIES_EVENT_STATUS", Clean(happened.Story?.Source?.Status)),
            ("STORIES_EVENT_PERSON", Clean(Who(happened)?.Handle)),
            ("STORIES_EVENT_REPLY", Clean(happened.Reply?.Text)),
            ("STORIES_EVENT_EMOJI", Clean(happened.Emoji)),
            ("STORIES_EVENT_TOKEN_NAME", Clean(happened.Token?.Name)),
        ];

    /// <summary>Private viewers have no name here.</summary>
    private static string WhoHandle(StoryEvent happened) =>
        Who(happened)?.Handle ?? (happened.Type == EventTypes.View ? "(private)" : happened.Story?.Author.Handle ?? "");

    private static Person? Who(StoryEvent happened) => happened.Person ?? happened.Reply?.Author ?? happened.Token?.Owner;

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

    private static string Clean(string? text) => CleanText.OneLine(text ?? "");
}
