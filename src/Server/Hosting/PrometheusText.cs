using System.Globalization;
using System.Text;

namespace StoriesCli.Server.Hosting;

/// <summary>Writes measurements in Prometheus' text format 0.0.4.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public void Gauge(string name, string help, double value) => Family(name, "gauge", help, [("", value)]);

    public void Counter(string name, string help, double value) => Family(name, "counter", help, [("", value)]);

    /// <param name="name">Without labels.</param>
    /// <param name="type"><c>gauge</c> or <c>counter</c>.</param>
    /// <param name="help">One line.</param>
    /// <param name="samples">Labels as <c>{kind="image"}</c>, or nothing, and the value.</param>
    public void Family(string name, string type, string help, IEnumerable<(string Labels, double Value)> samples)
    {
        Head(name, type, help);
        foreach (var (labels, value) in samples)
        {
            Sample(name, labels, value);
        }
    }

    /// <param name="name">Without labels.</param>
    /// <param name="help">One line.</param>
    /// <param name="bounds">Upper bounds.</param>
    /// <param name="cumulated">How many lie at or below each bound, and last how many there are.</param>
    /// <param name="sum">Of all values.</param>
    public void Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> cumulated, double sum)
    {
        Head(name, "histogram", help);
        for (var i = 0; i < bounds.Count; i++)
        {
            Sample($"{name}_bucket", string.Create(CultureInfo.InvariantCulture, $"{{le=\"{bounds[i]}\"}}"), cumulated[i]);
        }
        Sample($"{name}_bucket", "{le=\"+Inf\"}", cumulated[^1]);
        Sample($"{name}_sum", "", sum);
        Sample($"{name}_count", "", cumulated[^1]);
    }

    public override string ToString() => _text.ToString();

    private void Head(string name, string type, string help) =>
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private void Sample(string name, string labels, double value) =>
        _text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value}\n");
}
