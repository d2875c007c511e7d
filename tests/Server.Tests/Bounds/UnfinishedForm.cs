using System.Net.Sockets;
using System.Text;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>A form that never ends: only a refusal before its end gets a response.</summary>
internal static class UnfinishedForm
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>The first piece of the response.</returns>
    public static async Task<string> PostAsync(Uri url, string token, (string Name, string Value)[] fields)
    {
        const string Boundary = "b0undary";
        var parts = string.Concat(
            fields.Select(field => $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field.Name}\"\r\n\r\n{field.Value}\r\n")
        );
        var head =
            $"POST /v1/stories HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: multipart/form-data; boundary={Boundary}\r\nContent-Length: 9000000\r\n\r\n";
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + parts + $"--{Boundary}\r\n"));
        var answer = new byte[64 * 1024];
        var length = 0;
        using var deadline = new CancellationTokenSource(Patience);
        do
        {
            var read = await stream.ReadAsync(answer.AsMemory(length), deadline.Token);
            if (read == 0)
            {
                break;
            }
            length += read;
        } while (!Encoding.UTF8.GetString(answer, 0, length).TrimEnd('0', '\r', '\n').EndsWith('}'));
        return Encoding.UTF8.GetString(answer, 0, length);
    }
}
