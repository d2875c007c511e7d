using System.Globalization;
using System.Text;

namespace StoriesCli.Server.Hosting;

/// <summary>Writes measurements in Prometheus' text format 0.0.4.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <param name="name">Without labels.</param>
    /// <param name="type"><c>gauge</c>, <c>counter</c> or <c>histogram</c>.</param>
    /// <param name="help">One line.</param>
    public void Begin(string name, string type, string help) =>
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    /// <param name="name">Of the family, or of a part of a histogram.</param>
    /// <param name="labels">As <c>kind="image",part="after"</c>, or empty.</param>
    /// <param name="value">The value.</param>
    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }
        _text.Append(CultureInfo.InvariantCulture, $" {value}\n");
    }

    /// <param name="name">Of the family.</param>
    /// <param name="labels">As those of a sample.</param>
    /// <param name="bounds">Upper bounds.</param>
    /// <param name="counts">How many lie between one bound and the next, and last those above all.</param>
    /// <param name="sum">Of all values.</param>
    public void Histogram(string name, string labels, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        var prefix = labels.Length == 0 ? "" : labels + ",";
        var count = 0L;
        for (var i = 0; i <= bounds.Count; i++)
        {
            count += counts[i];
            var bound = i < bounds.Count ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            Sample($"{name}_bucket", $"{prefix}le=\"{bound}\"", count);
        }
        Sample($"{name}_sum", labels, sum);
        Sample($"{name}_count", labels, count);
    }

    public override string ToString() => _text.ToString();
}
