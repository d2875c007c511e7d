using System.CommandLine;

namespace StoriesCli.Cli;

/// <summary>A command with examples and exit codes, for help and manual pages.</summary>
internal sealed class StoriesCommand(string name, string description) : Command(name, description)
{
    /// <summary>Complete lines that can be pasted and run.</summary>
    public IReadOnlyList<string> Examples { get; private set; } = [];

    /// <summary>Of <see cref="ExitCode"/>, in order.</summary>
    public IReadOnlyList<int> ExitCodes { get; private set; } = [];

    /// <summary>Other exit codes, described in words, or null.</summary>
    public string? OtherExitCodes { get; private set; }

    public StoriesCommand With(string[] examples, params int[] exitCodes)
    {
        Examples = examples;
        ExitCodes = [.. exitCodes.Union(ExitCode.OfCalls).Order()];
        return this;
    }

    /// <summary>For a command that only has subcommands.</summary>
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
