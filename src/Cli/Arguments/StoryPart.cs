using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Arguments;

/// <summary>Chooses one picture of a before/after story.</summary>
internal static class StoryPart
{
    public static Option<string?> Option()
    {
        var option = new Option<string?>("--part")
        {
            HelpName = "PART",
            Description = "Picture of a before/after story: before, after or difference (default: after).",
        };
        option.AcceptOnlyFromAmong([.. StoryParts.All]);
        return option;
    }

    /// <summary>File of this part; null means the story's main file.</summary>
    /// <exception cref="CommandException">The story has no parts.</exception>
    public static StoryMedia Get(Story story, string? part) =>
        part is null ? story.Media
        : story.Compare is not null && story.FindPart(part) is { } media ? media
        : throw CommandException.Usage($"--part {part}: this is not a before/after story, so it has no parts.");
}
