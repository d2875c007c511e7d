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
            Description = "Which picture of a before/after story: before, after or difference. The one after unless told.",
        };
        option.AcceptOnlyFromAmong([.. StoryParts.All]);
        return option;
    }

    /// <summary>Its file; of null the one that every story has.</summary>
    /// <exception cref="CommandException">The story has no parts.</exception>
    public static StoryMedia Get(Story story, string? part) =>
        part is null ? story.Media
        : story.Compare is not null && story.FindPart(part) is { } media ? media
        : throw CommandException.Usage($"--part {part}: only a before/after story has parts, and this one is none.");
}
