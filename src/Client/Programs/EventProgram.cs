using System.Diagnostics;
using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Programs;

/// <summary>A command of the user's own for an event, as <c>stories watch --exec</c> and keys of the terminal UI run it.</summary>
public static class EventProgram
{
    /// <summary>How to start it: in a shell, with empty standard input, and without our own variables such as the token.</summary>
    /// <param name="line">The user's own line for the shell. Nothing is put into it.</param>
    /// <param name="happened">Its fields are in <c>STORIES_EVENT_*</c>, so that the shell never runs text of others as a command.</param>
    public static ProcessStartInfo StartInfo(string line, StoryEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var shell = Platforms.Shell(Platforms.Current, line);
        var start = new ProcessStartInfo(shell[0], shell[1..]) { UseShellExecute = false, RedirectStandardInput = true };
        ChildEnvironment.Strip(start.Environment);
        foreach (var (name, value) in Variables(happened))
        {
            start.Environment[name] = value;
        }
        return start;
    }

    /// <summary>Whom an event is about: who did it, or whose token it is. Null for private viewers, and where only the story matters.</summary>
    public static Person? PersonOf(StoryEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.Person ?? happened.Reply?.Author ?? happened.Token?.Owner;
    }

    /// <summary>The fields, one line each, without control characters.</summary>
    private static IEnumerable<(string Name, string Value)> Variables(StoryEvent happened) =>
        [
            ("STORIES_EVENT_TYPE", Clean(happened.Type)),
            ("STORIES_EVENT_AT", happened.At.UtcDateTime.ToString(WireTimeConverter.Format, CultureInfo.InvariantCulture)),
            ("STORIES_EVENT_STORY_ID", Clean(happened.StoryId)),
            ("STORIES_EVENT_AUTHOR", Clean(happened.Story?.Author.Handle)),
            ("STORIES_EVENT_KIND", Clean(happened.Story?.Kind)),
            ("STORIES_EVENT_CAPTION", Clean(happened.Story?.Caption)),
            ("STORIES_EVENT_SLOT", Clean(happened.Story?.Slot)),
            ("STORIES_EVENT_STATUS", Clean(happened.Story?.Source?.Status)),
            ("STORIES_EVENT_PERSON", Clean(PersonOf(happened)?.Handle)),
            ("STORIES_EVENT_REPLY", Clean(happened.Reply?.Text)),
            ("STORIES_EVENT_EMOJI", Clean(happened.Emoji)),
            ("STORIES_EVENT_TOKEN_NAME", Clean(happened.Token?.Name)),
        ];

    private static string Clean(string? text) => CleanText.OneLine(text ?? "");
}
