using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace StoriesCli.Server.Hosting;

/// <summary>What one instrument has measured, by its labels. The name follows from instrument and unit, as OpenTelemetry writes them for Prometheus.</summary>
internal sealed class MetricFamily
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Instrument _instrument;
    private readonly string _type;
    private readonly IReadOnlyList<double> _bounds;

    public MetricFamily(Instrument instrument)
    {
        _instrument = instrument;
        _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [];
        _type =
            instrument is Histogram<double> ? "histogram"
            : instrument is Counter<long> or ObservableCounter<long> or ObservableCounter<double> ? "counter"
            : "gauge";
        Name = NameOf(instrument, isCounter: _type == "counter");
    }

    public string Name { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = LabelsOf(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                _series[labels] = series = new(_bounds.Count);
            }
            series.Value = _instrument.IsObservable ? value : series.Value + value;
            if (_type == "histogram")
            {
                series.Counts[CountOfBoundsBelow(value)]++;
            }
        }
    }

    /// <summary>Observed values are collected anew each time, so that those which have gone do not stay.</summary>
    public void ForgetObserved()
    {
        lock (_gate)
        {
            if (_instrument.IsObservable)
            {
                _series.Clear();
            }
        }
    }

    public void WriteTo(PrometheusText text)
    {
        lock (_gate)
        {
            text.Begin(Name, _type, _instrument.Description ?? _instrument.Name);
            foreach (var (labels, series) in _series)
            {
                if (_type == "histogram")
                {
                    text.Histogram(Name, labels, _bounds, series.Counts, series.Value);
                }
                else
                {
                    text.Sample(Name, labels, series.Value);
                }
            }
        }
    }

    private int CountOfBoundsBelow(double value)
    {
        var index = 0;
        while (index < _bounds.Count && value > _bounds[index])
        {
            index++;
        }
        return index;
    }

    private static string NameOf(Instrument instrument, bool isCounter)
    {
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (isCounter ? "_total" : "");
    }

    /// <returns>As <c>kind="image",part="after"</c>; empty without tags.</returns>
    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name.Replace('.', '_')).Append("=\"");
            foreach (var c in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
            {
                _ = c switch
                {
                    '\\' => text.Append(@"\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(c),
                };
            }
            text.Append('"');
        }
        return text.ToString();
    }

    private sealed class Series(int bounds)
    {
        /// <summary>The value; of a histogram the sum of all.</summary>
        public double Value { get; set; }

        /// <summary>For a histogram: the count between each bound and the next one, and last the count above all bounds.</summary>
        public long[] Counts { get; } = new long[bounds + 1];
    }
}
