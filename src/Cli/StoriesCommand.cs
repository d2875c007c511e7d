using System.CommandLine;

namespace StoriesCli.Cli;

/// <summary>A command with what its help says beyond its options; manual pages are made from the same.</summary>
internal sealed class StoriesCommand(string name, string description) : Command(name, description)
{
    /// <summary>Whole lines that work as they stand.</summary>
    public IReadOnlyList<string> Examples { get; private set; } = [];

    /// <summary>Of <see cref="ExitCode"/>, in order.</summary>
    public IReadOnlyList<int> ExitCodes { get; private set; } = [];

    /// <summary>What it may end with beyond these, or null.</summary>
    public string? OtherExitCodes { get; private set; }

    public StoriesCommand With(string[] examples, params int[] exitCodes)
    {
        Examples = examples;
        ExitCodes = [.. exitCodes.Union(ExitCode.OfCalls).Order()];
        return this;
    }

    /// <summary>For a group, which does nothing itself.</summary>
    public StoriesCommand Showing(params string[] examples)
    {
        Examples = examples;
        return this;
    }

    public StoriesCommand EndsElse(string how)
    {
        OtherExitCodes = how;
        return this;
    }
}
