using Serilog.Core;
using Serilog.Events;
using StoriesCli.Server.Features.Shares;

namespace StoriesCli.Server.Hosting;

/// <summary>Removes the secrets of shares from the paths in log entries. The framework adds the path to everything that is logged during a request.</summary>
internal sealed class HiddenPaths : ILogEventEnricher
{
    private const string Property = "RequestPath";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (
            logEvent.Properties.TryGetValue(Property, out var value)
            && value is ScalarValue { Value: string path }
            && path.StartsWith(SharePageEndpoints.Prefix, StringComparison.OrdinalIgnoreCase)
        )
        {
            logEvent.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(SharePageEndpoints.Prefix + "…")));
        }
    }
}
