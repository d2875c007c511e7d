using System.Diagnostics.Metrics;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class MetricFamilyTests : IDisposable
{
    private readonly Meter _meter = new("test");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Names_follow_from_instrument_and_unit()
    {
        NameOf(_meter.CreateCounter<long>("http.received", "By")).Should().Be("http_received_bytes_total");
        NameOf(_meter.CreateHistogram<double>("http.server.request.duration", "s")).Should().Be("http_server_request_duration_seconds");
        NameOf(_meter.CreateObservableGauge("stored_bytes", () => 1L, "By")).Should().Be("stored_bytes");
        NameOf(_meter.CreateObservableGauge("queue.length", () => 1L)).Should().Be("queue_length");
    }

    [Fact]
    public void A_counter_adds_up_by_its_labels()
    {
        var family = new MetricFamily(_meter.CreateCounter<long>("seen", description: "What was seen."));

        family.Record(1, [new("kind.of", "a\"b\\c\nd")]);
        family.Record(2, [new("kind.of", "a\"b\\c\nd")]);
        family.Record(4, []);

        Show(family)
            .Should()
            .Be("# HELP seen_total What was seen.\n# TYPE seen_total counter\nseen_total 4\nseen_total{kind_of=\"a\\\"b\\\\c\\nd\"} 3\n");
    }

    [Fact]
    public void A_histogram_counts_what_lies_at_or_below_each_bound()
    {
        var family = new MetricFamily(
            _meter.CreateHistogram<double>("took", "s", "Time.", advice: new() { HistogramBucketBoundaries = [0.5, 1] })
        );

        family.Record(0.25, [new("ok", true)]);
        family.Record(0.5, [new("ok", true)]);
        family.Record(4, [new("ok", true)]);

        Show(family)
            .Split('\n')
            .Should()
            .Contain([
                "took_seconds_bucket{ok=\"True\",le=\"0.5\"} 2",
                "took_seconds_bucket{ok=\"True\",le=\"1\"} 2",
                "took_seconds_bucket{ok=\"True\",le=\"+Inf\"} 3",
                "took_seconds_sum{ok=\"True\"} 4.75",
                "took_seconds_count{ok=\"True\"} 3",
            ]);
    }

    [Fact]
    public void What_is_observed_no_longer_is_shown_no_longer()
    {
        var family = new MetricFamily(_meter.CreateObservableGauge("stored", () => 1L));
        family.Record(7, [new("kind", "image")]);
        family.Record(5, [new("kind", "image")]);
        Show(family).Should().Contain("stored{kind=\"image\"} 5\n");

        family.ForgetObserved();

        Show(family).Should().NotContain("image");
    }

    private static string NameOf(Instrument instrument) => new MetricFamily(instrument).Name;

    private static string Show(MetricFamily family)
    {
        var text = new PrometheusText();
        family.WriteTo(text);
        return text.ToString();
    }
}
