namespace StoriesCli.Client.Api;

/// <summary>What the connection of somebody who listens to events does while it is not open.</summary>
public abstract record WatchStep
{
    private WatchStep() { }

    /// <summary>It is being opened.</summary>
    public sealed record Connecting : WatchStep;

    /// <summary>It broke off, or could not be opened; it is tried again after a pause.</summary>
    /// <param name="Reason">What failed, one sentence.</param>
    /// <param name="Pause">How long it waits.</param>
    public sealed record Broken(string Reason, TimeSpan Pause) : WatchStep;
}
