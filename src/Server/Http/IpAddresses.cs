using System.Net;

namespace StoriesCli.Server.Http;

internal static class IpAddresses
{
    /// <summary>A socket for both families tells an IPv4 address as <c>::ffff:203.0.113.7</c>: answers with <c>203.0.113.7</c> for it.</summary>
    public static IPAddress Unmapped(this IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
