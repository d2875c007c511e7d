using System.Net;
using System.Net.Sockets;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Decides which addresses a webhook may reach: public ones, and those that the host allows.</summary>
internal sealed class AddressRules(ServerOptions options)
{
    // IANA's special-purpose registries, and multicast.
    private static readonly IPNetwork[] NotPublic4 =
    [
        .. Networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4"
        ),
    ];

    // All other addresses are local, multicast, IPv4 in disguise (NAT64 and others) or unassigned.
    private static readonly IPNetwork Public6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotPublic6 =
    [
        .. Networks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    ];

    /// <returns>Why it may not be reached, in words; null when it may.</returns>
    public string? FindFault(IPAddress address)
    {
        var plain = address.Unmapped();
        var isPublic = plain.AddressFamily switch
        {
            AddressFamily.InterNetwork => !NotPublic4.Any(network => network.Contains(plain)),
            AddressFamily.InterNetworkV6 => Public6.Contains(plain) && !NotPublic6.Any(network => network.Contains(plain)),
            _ => false,
        };
        return isPublic || options.WebhookAllow.Any(network => network.Contains(plain))
            ? null
            : $"{address} is private, local or reserved, and --webhook-allow does not name it";
    }

    private static IEnumerable<IPNetwork> Networks(params string[] all) => all.Select(IPNetwork.Parse);
}
