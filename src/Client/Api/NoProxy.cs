using System.Net;

namespace StoriesCli.Client.Api;

/// <summary>The hosts in NO_PROXY, as curl reads it: .NET supports neither <c>*</c> nor ports nor subdomains.</summary>
/// <param name="list">The variable's value; null when it is not set.</param>
internal sealed class NoProxy(string? list)
{
    private static readonly char[] Separators = [',', ' ', '\t', ';'];

    private readonly string[] _entries = (list ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Prefers the lower-case variable, as other programs do.</summary>
    public static NoProxy OfEnvironment() =>
        new(Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY"));

    public bool Includes(Uri host) => _entries.Any(entry => Matches(entry, host));

    private static bool Matches(string entry, Uri server)
    {
        if (entry == "*")
        {
            return true;
        }
        var host = server.IdnHost.TrimEnd('.');
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        if (address is not null && IPNetwork.TryParse(entry, out var network))
        {
            return network.Contains(address);
        }
        var (name, port) = Split(entry);
        if (port is { } wanted && wanted != server.Port)
        {
            return false;
        }
        if (IPAddress.TryParse(name, out var named))
        {
            return named.Equals(address);
        }
        var domain = (name.StartsWith("*.", StringComparison.Ordinal) ? name[1..] : name).Trim('.');
        return domain.Length > 0
            && address is null
            && (host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A colon separates a port, but not in an IPv6 address without brackets.</summary>
    private static (string Name, int? Port) Split(string entry)
    {
        var colon = entry.LastIndexOf(':');
        return colon > 0 && (entry[colon - 1] == ']' || entry.IndexOf(':') == colon) && int.TryParse(entry.AsSpan(colon + 1), out var port)
            ? (entry[..colon].Trim('[', ']'), port)
            : (entry.Trim('[', ']'), null);
    }
}
