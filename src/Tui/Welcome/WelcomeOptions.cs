namespace StoriesCli.Tui.Welcome;

/// <summary>What somebody entered on the welcome screen.</summary>
/// <param name="Address">The link of an invite, or a server's URL.</param>
/// <param name="Code">The code of an invite, if it was entered for itself.</param>
/// <param name="Handle">The handle that they want.</param>
public sealed record WelcomeAnswers(string Address, string? Code, string Handle)
{
    /// <summary>Sealed and empty: two of them are secrets.</summary>
    public override string ToString() => nameof(WelcomeAnswers);
}

/// <summary>What the welcome screen needs to know.</summary>
/// <param name="JoinAsync">Joins, and saves the account. It returns why that failed, in a sentence without secrets; null if it has not.</param>
public sealed record WelcomeOptions(Func<WelcomeAnswers, CancellationToken, Task<string?>> JoinAsync)
{
    /// <inheritdoc cref="TuiOptions.Theme"/>
    public ThemeChoice Theme { get; init; }

    /// <inheritdoc cref="TuiOptions.Colours"/>
    public bool Colours { get; init; } = true;

    /// <inheritdoc cref="TuiOptions.Clock"/>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
