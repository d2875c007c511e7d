using System.CommandLine;

namespace StoriesCli.Cli;

/// <summary>Commands that help and manual page show together.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Commands">In the order they are shown.</param>
internal sealed record CommandGroup(string Name, params IReadOnlyList<Command> Commands);

/// <summary>The <c>stories</c> command. Every command that is not hidden belongs to one group.</summary>
internal sealed class StoriesRoot : RootCommand
{
    public StoriesRoot(string description, params IReadOnlyList<CommandGroup> groups)
        : base(description)
    {
        Groups = groups;
        foreach (var command in groups.SelectMany(group => group.Commands))
        {
            Add(command);
        }
    }

    public IReadOnlyList<CommandGroup> Groups { get; }
}
