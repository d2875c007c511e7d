using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StoriesCli.Bench;

/// <summary>What all rows share: the programs, the sizes, and the tools that load them.</summary>
/// <param name="Server">The published stories-server.</param>
/// <param name="Client">The published stories.</param>
/// <param name="Peer">The published bench-peer.</param>
/// <param name="Samples">The repository's folder of samples.</param>
/// <param name="Folder">A folder of this run, on a real disk.</param>
/// <param name="IsQuick">Whether to take small sizes and few repeats.</param>
internal sealed partial record Lab(string Server, string Client, string Peer, string Samples, string Folder, bool IsQuick)
{
    public const string Owner = "ana",
        Viewer = "bob";

    private int _folders;

    public int Repeats => IsQuick ? 3 : 5;

    public int Seconds => IsQuick ? 1 : 2;

    /// <summary>Sizes of the store at which the plots have points.</summary>
    public int[] Sizes => IsQuick ? [1_000, 10_000] : [1_000, 10_000, 31_757, 100_000, 1_000_000];

    public string NewFolder(string name)
    {
        var folder = Path.Combine(Folder, FormattableString.Invariant($"{name}-{++_folders}"));
        Directory.CreateDirectory(folder);
        return folder;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Requests a second by wrk, which waits for each answer.</summary>
    /// <param name="url">What to ask.</param>
    /// <param name="connections">How many connections ask at once.</param>
    /// <param name="token">Token to sign in with; null for none.</param>
    /// <param name="post">Body to post, and its type; null to get.</param>
    public double Rate(Uri url, int connections, string? token = null, (byte[] Body, string Type)? post = null)
    {
        List<string> arguments = ["-t1", $"-c{connections}", $"-d{Seconds}s"];
        if (token is not null)
        {
            arguments.AddRange(["-H", $"Authorization: Bearer {token}"]);
        }
        if (post is { } what)
        {
            var body = Path.Combine(NewFolder("wrk"), "body");
            File.WriteAllBytes(body, what.Body);
            File.WriteAllText(
                body + ".lua",
                $"""
                wrk.method = "POST"
                wrk.headers["Content-Type"] = "{what.Type}"
                local file = io.open("{body}", "rb")
                wrk.body = file:read("*a")
                """
            );
            arguments.AddRange(["-s", body + ".lua"]);
        }
        var output = Running.Run("wrk", [.. arguments, url.AbsoluteUri]);
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"not all requests to {url} were answered: {output}");
        }
        return double.Parse(RateLine().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Two things measured by turns, so that what else the machine does meets both: their ratios, and the rates of each.</summary>
    public (double[] Ratios, double[] First, double[] Second) Alternate(Func<double> first, Func<double> second)
    {
        _ = (first(), second());
        var pairs = Enumerable.Range(0, Repeats).Select(_ => (First: first(), Second: second())).ToArray();
        return ([.. pairs.Select(p => p.First / p.Second)], [.. pairs.Select(p => p.First)], [.. pairs.Select(p => p.Second)]);
    }

    public static double Time(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>Milliseconds of each run of a command, from its start to its end.</summary>
    public (double[] First, double[] Second) Compare(string[] first, string[] second)
    {
        var repeats = IsQuick ? 15 : 40;
        var file = Path.Combine(NewFolder("hyperfine"), "times.json");
        // By turns of one run each: hyperfine itself would run one after the other.
        List<double> firsts = [],
            seconds = [];
        for (var i = -2; i < repeats; i++)
        {
            var (a, b) = (TimeOf(first, file), TimeOf(second, file));
            if (i >= 0)
            {
                firsts.Add(a);
                seconds.Add(b);
            }
        }
        return ([.. firsts], [.. seconds]);
    }

    private static double TimeOf(string[] command, string file)
    {
        Running.Run("hyperfine", "-N", "-r", "2", "--style", "none", "--export-json", file, string.Join(' ', command));
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.GetProperty("results")[0].GetProperty("min").GetDouble() * 1000;
    }

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex RateLine();
}

/// <summary>A running stories-server with its accounts.</summary>
internal sealed partial class StoryServer : IDisposable
{
    private readonly Running _program;

    /// <param name="lab">The programs.</param>
    /// <param name="data">Data directory, new or filled.</param>
    /// <param name="more">Further options.</param>
    public StoryServer(Lab lab, string data, params string[] more)
    {
        Data = data;
        var started = Stopwatch.GetTimestamp();
        _program = new(
            lab.Server,
            [
                "--data",
                data,
                "--listen",
                FormattableString.Invariant($"http://127.0.0.1:{Lab.FreePort()}"),
                "--disk-floor",
                "0",
                "--post-rate",
                "1000000",
                "--quota-account",
                "50GiB",
                .. more,
            ]
        );
        while (!ListenLine().IsMatch(_program.Log))
        {
            if (_program.HasEnded || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
            {
                throw new InvalidOperationException($"the server did not start: {_program.Log}");
            }
            Thread.Sleep(1);
        }
        Url = new(ListenLine().Match(_program.Log).Groups[1].Value);
        Http.BaseAddress = Url;
        using var first = Http.GetAsync("/livez").GetAwaiter().GetResult();
        StartMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public string Data { get; }

    public Uri Url { get; }

    public double StartMilliseconds { get; }

    public Running Program => _program;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseProxy = false });

    /// <summary>Joins with the invite of the first start, and returns the token.</summary>
    public string JoinOwner() => Join(File.ReadAllText(Path.Combine(Data, "owner-invite")).Trim(), Lab.Owner);

    public string Join(string code, string handle) =>
        Send(HttpMethod.Post, "/v1/join", token: null, new { code, handle }).GetProperty("token").GetString()!;

    /// <summary>Posts one real picture: a server whose folder of media is empty beside many stories would not start.</summary>
    public void PostPicture(Lab lab, string token) =>
        Post(token, File.ReadAllBytes(Path.Combine(lab.Samples, "photo.jpg")), "image/jpeg", "?ttl=20d");

    public string JoinMember(string owner, string handle) =>
        Join(Send(HttpMethod.Post, "/v1/invites", owner, new { }).GetProperty("code").GetString()!, handle);

    public JsonElement Send(HttpMethod method, string path, string? token, object? json = null)
    {
        using var content = json is null ? null : new StringContent(JsonSerializer.Serialize(json), Encoding.UTF8, "application/json");
        return SendAsync(method, path, token, content).GetAwaiter().GetResult();
    }

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? token, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path} was answered {response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        }
        return body.Length == 0 || response.Content.Headers.ContentType?.MediaType != "application/json"
            ? default
            : JsonDocument.Parse(body).RootElement;
    }

    public byte[] Get(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = Http.Send(request);
        response.EnsureSuccessStatusCode();
        using var body = new MemoryStream();
        response.Content.ReadAsStream().CopyTo(body);
        return body.ToArray();
    }

    /// <summary>Milliseconds of each of so many requests, one after the other.</summary>
    public double[] Times(string path, string token, int count)
    {
        _ = Get(path, token);
        return [.. Enumerable.Range(0, count).Select(_ => Lab.Time(() => Get(path, token)))];
    }

    public string Post(string token, byte[] body, string type, string query = "")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(type);
        return SendAsync(HttpMethod.Post, "/v1/stories" + query, token, content).GetAwaiter().GetResult().GetProperty("id").GetString()!;
    }

    public void Dispose()
    {
        _program.Stop();
        _program.Dispose();
        Http.Dispose();
    }

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:[0-9]+)")]
    private static partial Regex ListenLine();
}

/// <summary>nginx with files of its own, and with nchan.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly Running _program;

    public Nginx(Lab lab)
    {
        Folder = lab.NewFolder("nginx");
        var port = Lab.FreePort();
        Url = new(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        Directory.CreateDirectory(Path.Combine(Folder, "www"));
        var modules = Environment.GetEnvironmentVariable("BENCH_NGINX_MODULES") ?? "/usr/lib/nginx/modules";
        File.WriteAllText(
            Path.Combine(Folder, "nginx.conf"),
            $$"""
            daemon off; worker_processes 1; pid {{Folder}}/pid; error_log {{Folder}}/error.log;
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            load_module {{modules}}/ngx_nchan_module.so;
            events { worker_connections 4096; }
            http {
              access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
              client_body_temp_path {{Folder}}/t1; proxy_temp_path {{Folder}}/t2; fastcgi_temp_path {{Folder}}/t3;
              uwsgi_temp_path {{Folder}}/t4; scgi_temp_path {{Folder}}/t5;
              server {
                listen 127.0.0.1:{{port}}; root {{Folder}}/www; default_type application/json;
                location = /sub { nchan_subscriber eventsource; nchan_channel_id all; }
                location = /pub { nchan_publisher; nchan_channel_id all; nchan_message_buffer_length 100; }
              }
            }
            """
        );
        _program = new("nginx", "-p", Folder, "-c", Path.Combine(Folder, "nginx.conf"));
        _program.AwaitPort(port);
    }

    public string Folder { get; }

    public Uri Url { get; }

    public Running Program => _program;

    /// <summary>Serves these bytes as a file.</summary>
    public Uri Serve(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(Folder, "www", name), bytes);
        return new(Url, name);
    }

    public void Dispose()
    {
        _program.Stop();
        _program.Dispose();
    }
}
