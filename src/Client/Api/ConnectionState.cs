namespace StoriesCli.Client.Api;

/// <summary>State of an event connection that is not open.</summary>
public abstract record ConnectionState
{
    private ConnectionState() { }

    /// <summary>It is being opened.</summary>
    public sealed record Connecting : ConnectionState;

    /// <summary>It broke or could not be opened; a retry follows after a pause.</summary>
    /// <param name="Reason">What failed, one sentence.</param>
    /// <param name="Pause">How long it waits.</param>
    public sealed record Broken(string Reason, TimeSpan Pause) : ConnectionState;
}
