using System.Net;
using System.Net.Sockets;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>The host of a webhook may not be reached, or has no address. Its maker may see the message.</summary>
internal sealed class AddressRefusedException(string message) : Exception(message);

/// <summary>Resolves a host and connects only to addresses that were checked: a name may resolve differently a moment later.</summary>
/// <param name="rules">Which addresses may be reached.</param>
/// <param name="resolve">Resolves a name.</param>
internal sealed class WebhookDialer(AddressRules rules, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private const int TriedAtMost = 4;

    /// <summary>All addresses of a host, if each may be reached.</summary>
    /// <exception cref="AddressRefusedException">There are no addresses, or one may not be reached.</exception>
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
