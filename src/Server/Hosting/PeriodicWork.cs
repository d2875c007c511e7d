namespace StoriesCli.Server.Hosting;

/// <summary>
/// Does its work once at the start, and then at each tick. The timer counts from the construction, so no tick is missed when the machine is
/// busy and the work begins late.
/// </summary>
/// <param name="interval">Time from one tick to the next. A tick that comes during the work follows right after it.</param>
/// <param name="time">Clock of the ticks.</param>
internal abstract class PeriodicWork(TimeSpan interval, TimeProvider time) : BackgroundService
{
    private readonly PeriodicTimer _timer = new(interval, time);

    protected TimeProvider Time { get; } = time;

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected abstract Task WorkAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            await WorkAsync(stoppingToken).ConfigureAwait(false);
        } while (await _timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
