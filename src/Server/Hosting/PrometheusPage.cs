using System.Diagnostics.Metrics;

namespace StoriesCli.Server.Hosting;

/// <summary>Listens to the meters of this server and shows what they measure to Prometheus. It is made only where metrics are asked for: meters that nobody listens to cost nothing.</summary>
internal sealed class PrometheusPage : IDisposable
{
    private const string Path = "/metrics",
        RequestDuration = "http.server.request.duration";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    /// <param name="meters">Makes the meters of this server; those of another one in the same process are not heard.</param>
    /// <param name="metrics">Measures what the server keeps anyway.</param>
    public PrometheusPage(IMeterFactory meters, Metrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (
                ReferenceEquals(instrument.Meter.Scope, meters)
                && (instrument.Meter.Name == Metrics.MeterName || instrument.Name == RequestDuration)
            )
            {
                var family = new MetricFamily(instrument);
                lock (_gate)
                {
                    _families[family.Name] = family;
                }
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != Path || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            throw new Http.ApiProblem(Contracts.Errors.RouteNotFound, $"this listener answers GET {Path} alone");
        }
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(Render(), context.RequestAborted).ConfigureAwait(false);
    }

    public void Dispose() => _listener.Dispose();

    private string Render()
    {
        var text = new PrometheusText();
        lock (_gate)
        {
            foreach (var family in _families.Values)
            {
                family.ForgetObserved();
            }
            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values)
            {
                family.WriteTo(text);
            }
        }
        return text.ToString();
    }
}
