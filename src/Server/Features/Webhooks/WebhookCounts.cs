namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Results of attempts since the start, for the metrics.</summary>
internal sealed class WebhookCounts
{
    private long _taken;
    private long _failed;
    private long _dropped;

    public long Taken => Interlocked.Read(ref _taken);

    public long Failed => Interlocked.Read(ref _failed);

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(Attempt attempt)
    {
        if (!attempt.IsWithdrawn)
        {
            Interlocked.Increment(ref attempt.IsTaken ? ref _taken : ref _failed);
        }
    }

    public void AddDropped(int count) => Interlocked.Add(ref _dropped, count);
}
