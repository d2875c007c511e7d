using Microsoft.Extensions.Time.Testing;
using StoriesCli.Server.Hosting;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public class PeriodicWorkTests
{
    [Fact]
    public async Task A_tick_before_the_first_work_is_not_missed()
    {
        var clock = new FakeTimeProvider();
        using var service = new Counting(clock);

        clock.Advance(Counting.Interval);
        await service.StartAsync(default);

        await Eventually.TrueAsync(() => service.Count == 2);
        await service.StopAsync(default);
    }

    private sealed class Counting(TimeProvider time) : PeriodicWork(Interval, time)
    {
        public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

        public int Count { get; private set; }

        protected override Task WorkAsync(CancellationToken cancel)
        {
            Count++;
            return Task.CompletedTask;
        }
    }
}
