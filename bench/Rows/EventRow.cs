using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StoriesCli.Bench.Rows;

/// <summary>One event to 200 listeners, against nginx with nchan.</summary>
internal sealed class EventRow : Row
{
    private const int Listeners = 200;

    public override string Name => "Events";

    public override void Measure(Lab lab, Results results)
    {
        var events = lab.IsQuick ? 50 : 200;
        using var server = new StoryServer(lab, Path.Combine(lab.NewFolder("events"), "data"));
        using var nginx = new Nginx(lab);
        var owner = server.JoinOwner();
        var text = Encoding.UTF8.GetBytes(new string('x', 600));
        void Post() => server.Post(owner, text, "text/plain");
        using var sample = new Listening(server.Url, $"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {owner}\r\n\r\n", 1);
        Thread.Sleep(200);
        var before = sample.Received;
        Post();
        Thread.Sleep(500);
        // nchan sends what it is given, so it is given as many bytes as our listeners receive.
        var message = new byte[sample.Received - before];
        Array.Fill(message, (byte)'x');
        void Publish()
        {
            using var content = new ByteArrayContent(message);
            using var answer = server.Http.PostAsync(new Uri(nginx.Url, "/pub"), content).GetAwaiter().GetResult();
            answer.EnsureSuccessStatusCode();
        }

        List<double> ours = [],
            theirs = [],
            alone = [],
            beside = [];
        for (var i = 0; i < Math.Min(lab.Repeats, 3); i++)
        {
            var (costs, first, second) = Cost(
                server.Program,
                events,
                Post,
                server.Url,
                $"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {owner}\r\n\r\n"
            );
            ours.Add(costs);
            alone.AddRange(first);
            beside.AddRange(second);
            theirs.Add(
                Cost(nginx.Program, events, Publish, nginx.Url, "GET /sub HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n").Each
            );
        }
        results.AddAtMost(
            "One event to 200 listeners",
            FormattableString.Invariant($"processor time a listener, {message.Length} bytes each; nchan {Spread.Of(theirs).Median:0.0} µs"),
            ours,
            14,
            "µs",
            "0.0"
        );
        results.AddRatio("Events against nchan", "nchan's processor time over ours", [.. theirs.Zip(ours, (a, b) => a / b)], 0.8);
        var (quiet, loud) = (Spread.Of(alone), Spread.Of(beside));
        results.AddAtMost(
            "A post with 200 listeners",
            FormattableString.Invariant($"median time of one client; {quiet.Median:0.00} ms without listeners, {loud.Median:0.00} ms with"),
            [loud.Median / quiet.Median],
            1.1,
            "×"
        );
    }

    /// <returns>Microseconds of processor time a listener and event, and the milliseconds of each post without and with listeners.</returns>
    private static (double Each, double[] Alone, double[] Beside) Cost(Running program, int events, Action send, Uri url, string request)
    {
        (double Seconds, double[] Times) Run(Listening? listening)
        {
            var before = program.ProcessorSeconds;
            double[] times =
            [
                .. Enumerable
                    .Range(0, events)
                    .Select(_ =>
                    {
                        var time = Lab.Time(send);
                        // As posts come: not while the event before is still on its way.
                        Thread.Sleep(5);
                        return time;
                    }),
            ];
            listening?.AwaitSilence();
            return (program.ProcessorSeconds - before, times);
        }
        _ = Run(null);
        var (nobody, alone) = Run(null);
        using var listening = new Listening(url, request, Listeners);
        listening.AwaitSilence();
        var (all, beside) = Run(listening);
        return ((all - nobody) / events / Listeners * 1e6, alone, beside);
    }

    /// <summary>Open streams whose bytes are counted and thrown away.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly List<Socket> _sockets = [];
        private long _received;

        public Listening(Uri url, string request, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, url.Port);
                socket.Send(Encoding.ASCII.GetBytes(request));
                _sockets.Add(socket);
                _ = DrainAsync(socket);
            }
        }

        public long Received => Interlocked.Read(ref _received);

        /// <summary>Waits until nothing comes for a while.</summary>
        public void AwaitSilence()
        {
            for (var before = -1L; before != Received; )
            {
                before = Received;
                Thread.Sleep(300);
            }
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

        private async Task DrainAsync(Socket socket)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                while (await socket.ReceiveAsync(buffer).ConfigureAwait(false) is > 0 and var read)
                {
                    Interlocked.Add(ref _received, read);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The listener has left.
            }
        }
    }
}
