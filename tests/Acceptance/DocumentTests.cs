using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>What the documents tell people to type works: the <c>sh</c> blocks of each are run from top to bottom, with other places and a real id in them.</summary>
public sealed partial class DocumentTests
{
    private static readonly (string Sample, string Name)[] Files =
    [
        ("photo.jpg", "photo.jpg"),
        ("photo.jpg", "shot.png"),
        ("photo.jpg", "before.png"),
        ("video.mp4", "demo.mp4"),
    ];

    private const string ExampleDatabase = "postgres://stories@db.example/stories";

    private static readonly string[] OfStoppedServers = ["stories.schema-", "purge --missing-media"];

    public static TheoryData<string> Documents => [.. Published.Documents.Where(document => CommandsOf(document).Length > 0)];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_command_of_a_document_works(string document)
    {
        await using var server = await RealServer.StartAsync("--webhook-allow", "127.0.0.1");
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        await SilentPlayer.SetAsync(ana);
        foreach (var (sample, name) in Files)
        {
            File.Copy(Published.Sample(sample), Path.Combine(ana.Home, name));
        }
        // What changed are 240 × 160 of its 1200 × 801 pixels.
        (
            await ana.RunAsync(
                "ffmpeg",
                [
                    "-nostdin",
                    "-v",
                    "error",
                    "-i",
                    "photo.jpg",
                    "-vf",
                    "drawbox=x=100:y=100:w=240:h=160:color=red:t=fill",
                    "-frames:v",
                    "1",
                    "after.png",
                ]
            )
        ).Succeeded();
        Scripts.WriteTo(ana.Home);
        var id = (await ana.StoriesAsync("post", "demo.mp4", "--quiet")).Succeeded().Out.Trim();
        var port = FindFreePort();
        var commands = CommandsOf(document)
            .Replace(ExampleDatabase, await NewDatabaseAsync(document), StringComparison.Ordinal)
            .Replace("01k…", id, StringComparison.Ordinal)
            .Replace("7867", $"{port}", StringComparison.Ordinal)
            .Replace("/etc/stories", Path.Combine(ana.Home, "etc"), StringComparison.Ordinal)
            .Replace("/var/lib/stories", Path.Combine(ana.Home, "served"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            Path.Combine(ana.Home, "commands.sh"),
            $"{Before(server.Url.ToString().TrimEnd('/'), ana.Token, bob.Token, port)}\n{commands}"
        );

        var run = await ana.RunAsync("bash", ["commands.sh"]);

        (run.ExitCode, run.Error).Should().Be((0, run.Error));
    }

    private static async Task<string> NewDatabaseAsync(string document) =>
        CommandsOf(document).Contains(ExampleDatabase, StringComparison.Ordinal)
            ? await (await PostgresCluster.CommonAsync()).NewDatabaseAsync()
            : "";

    [Fact]
    public void The_readme_shows_at_least_five_things_to_type() =>
        Block().Matches(Published.Read("README.md")).Should().HaveCountGreaterThanOrEqualTo(5);

    /// <summary>All that is to be typed, but what is typed by those who work on the product, or on a stopped server: tests of their own run that.</summary>
    private static string CommandsOf(string document) =>
        string.Concat(
            Block()
                .Matches(Published.Read(document))
                .Where(block => !OfStoppedServers.Any(words => block.Value.Contains(words, StringComparison.Ordinal)))
                .SelectMany(block => block.Groups["script"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                .Where(line => !Contributing().IsMatch(line))
                .Select(line => line + "\n")
        );

    /// <summary>A server that is started runs beside the commands that follow, and ends with them.</summary>
    private static string Before(string url, string token, string other, int port) =>
        $$"""
            set -euo pipefail
            export STORIES_URL={{url}} STORIES_TOKEN={{token}} STORIES_SERVER_DISK_FLOOR=0 STORIES_SERVER_LISTEN=http://127.0.0.1:{{port}}
            trap 'echo "failed: $BASH_COMMAND" >&2' ERR
            PATH=$PWD:$PATH
            started=()
            trap '[ "${#started[@]}" -eq 0 ] || kill "${started[@]}"; wait' EXIT
            # What waits for others has something to wait for, and what never ends does.
            stories() {
                case ${1-} in
                    wait)
                        for token in "$STORIES_TOKEN" {{other}}; do
                            STORIES_TOKEN=$token command stories reply "$2" 'go on' >/dev/null
                            STORIES_TOKEN=$token command stories ack "$2" >/dev/null
                            STORIES_TOKEN=$token command stories vote "$2" 1 >/dev/null 2>&1 || true
                        done
                        command stories "$@" ;;
                    watch) command stories "$@" --timeout 1s || [ $? -eq 7 ] ;;
                    *) command stories "$@" ;;
                esac
            }
            # A page that asks a running server, and does not start it itself, finds one.
            stories-server() {
                case " $* " in
                    *" --check-config "*) command stories-server "$@"; return ;;
                    *" $PWD/served "*) case ${1-} in [a-z]*) [ "${#started[@]}" -gt 0 ] || stories-server --data "$PWD/served" ;; esac ;;
                esac
                case ${1-} in [a-z]*) command stories-server "$@"; return ;; esac
                command stories-server "$@" >server.log 2>&1 &
                started+=($!)
                until curl --silent --fail http://127.0.0.1:{{port}}/readyz >ready; do
                    kill -0 $! || { cat server.log >&2; return 1; }
                    sleep 0.05
                done
            }
            """;

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"^```sh\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(\w+=\w+ )*(script/|dotnet |git |\.ci/)")]
    private static partial Regex Contributing();
}
