using System.Net;
using System.Net.Sockets;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>A webhook's host may not be reached, or has no address. The message is fit for its maker.</summary>
internal sealed class AddressRefusedException(string message) : Exception(message);

/// <summary>Finds the addresses of a host and connects to one of exactly those that were checked: what a name means may change between two looks.</summary>
/// <param name="rules">What may be reached.</param>
/// <param name="resolve">Looks a name up.</param>
internal sealed class WebhookDialer(AddressRules rules, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private const int TriedAtMost = 4;

    /// <summary>All addresses of a host, each of which may be reached.</summary>
    /// <exception cref="AddressRefusedException">There are none, or one of them may not be.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await LookUpAsync(host, cancel).ConfigureAwait(false);
        return addresses.Select(rules.FindFault).FirstOrDefault(fault => fault is not null) is { } refused
            ? throw new AddressRefusedException(literal is null ? $"{host}: {refused}" : refused)
            : addresses;
    }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await ResolveAsync(context.DnsEndPoint.Host, cancel).ConfigureAwait(false);
        for (var tried = 0; ; tried++)
        {
            var socket = new Socket(addresses[tried].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[tried], context.DnsEndPoint.Port, cancel).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (tried + 1 < Math.Min(addresses.Length, TriedAtMost))
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancel)
    {
        try
        {
            return await resolve(host, cancel).ConfigureAwait(false) is { Length: > 0 } found
                ? found
                : throw new AddressRefusedException($"{host} has no address");
        }
        catch (SocketException)
        {
            throw new AddressRefusedException($"{host} has no address");
        }
    }
}
