using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>
/// What the pages for hosts tell to type where PostgreSQL or a bucket is needed, or a server that is stopped: the <c>console</c> blocks of a
/// page, from top to bottom, with other places in them. The <c>sh</c> blocks are those of <see cref="DocumentTests"/>.
/// </summary>
public sealed partial class HostPageTests
{
    private const string Password = "only-of-a-test";

    [Theory]
    [InlineData("docs/host/postgres.md", 3)]
    [InlineData("docs/host/bucket.md", 2)]
    [InlineData("docs/host/backup.md", 3)]
    [InlineData("docs/host/managed.md", 2)]
    public async Task Every_command_of_a_page_works(string page, int blocks)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("post", Published.Sample("photo.jpg"), "--caption", "Evening")).Succeeded();
        (await ana.StoriesAsync("post", "--text", "Good morning")).Succeeded();
        (await RealServer.RunAsync("backup", Path.Combine(ana.Home, "stories.tar"), "--data", server.DataPath)).Succeeded();
        (await server.TerminateAsync()).Should().Be(0);
        Directory.Move(server.DataPath, Path.Combine(ana.Home, "served"));
        await using var cluster = await PostgresCluster.StartAsync(isDurable: false);
        await cluster.QueryAsync("postgres", "drop role stories");
        var (swift, bucket) = (await SwiftServer.SharedAsync(), await (await SwiftServer.SharedAsync()).MakeBucketAsync());
        var admin = new Uri(cluster.UrlOf("postgres").Replace("stories@", "postgres@", StringComparison.Ordinal));
        var port = FreePort.Find();
        var settings = Directory.CreateDirectory(Path.Combine(ana.Home, "etc")).FullName;
        await WritePrivateAsync(Path.Combine(settings, "pgpass"), $"*:*:stories:stories:{Password}\n");
        await WritePrivateAsync(Path.Combine(settings, "s3"), await File.ReadAllTextAsync(swift.CredentialsFile));
        var before = Before(ana.Token, port, admin, swift);
        var scripts = Block().Matches(Published.Read(page)).Select(block => block.Groups["script"].Value).ToList();

        for (var i = 0; i < scripts.Count; i++)
        {
            var script = scripts[i];
            if (script.Contains("verify-full", StringComparison.Ordinal))
            {
                File.Copy(await cluster.RequireTlsAsync(Password), Path.Combine(settings, "ca.pem"));
                script = script.Replace("db.example", $"localhost:{admin.Port}", StringComparison.Ordinal);
            }
            if (ScheduledName().IsMatch(script))
            {
                var key = (await swift.KeysAsync(bucket)).Should().ContainSingle().Which;
                script = ScheduledName().Replace(script, Path.GetFileName(key));
            }
            script = script
                .Replace("db.example", $"127.0.0.1:{admin.Port}", StringComparison.Ordinal)
                .Replace("http://minio:9000", swift.Url.ToString().TrimEnd('/'), StringComparison.Ordinal)
                .Replace("my-bucket", bucket, StringComparison.Ordinal)
                .Replace("eu-central-1", "us-east-1", StringComparison.Ordinal)
                .Replace("-o stories -g stories ", "", StringComparison.Ordinal)
                .Replace(
                    "/mnt/backups",
                    Directory.CreateDirectory(Path.Combine(ana.Home, "mnt", "stories")).Parent!.FullName,
                    StringComparison.Ordinal
                )
                .Replace("/etc/stories", settings, StringComparison.Ordinal)
                .Replace("/var/lib/stories", Path.Combine(ana.Home, "served"), StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(ana.Home, "commands.sh"), $"{before}\n{script}");

            var run = await ana.RunAsync("bash", ["commands.sh"]);

            (run.ExitCode, run.Error).Should().Be((0, run.Error), "block {0} of {1} is\n{2}", i + 1, page, script);
        }
        scripts.Should().HaveCount(blocks);
    }

    private static async Task WritePrivateAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>A server that is started is asked for the stories that its data directory should have, and stopped again.</summary>
    private static string Before(string token, int port, Uri admin, SwiftServer swift) =>
        $$"""
            set -euo pipefail
            export STORIES_URL=http://127.0.0.1:{{port}} STORIES_TOKEN={{token}} STORIES_SERVER_DISK_FLOOR=0 STORIES_SERVER_LISTEN=http://127.0.0.1:{{port}}
            export STORIES_SERVER_S3_CREDENTIALS={{swift.CredentialsFile}} ADMIN_URL={{admin}}
            trap 'echo "failed: $BASH_COMMAND" >&2' ERR
            sudo() {
                shift 2
                PGHOST={{admin.Host}} PGPORT={{admin.Port}} PGUSER=postgres "$@"
            }
            psql() { printf '{{Password}}\n{{Password}}\n' | command psql --no-psqlrc --set ON_ERROR_STOP=1 "$@"; }
            systemctl() { [ "$1" = stop ] || stories-server --data "$PWD/served"; }
            stories-server() {
                case " $* " in *" s3://"*) [[ " $* " == *" --s3-endpoint "* ]] || set -- "$@" --s3-endpoint {{swift.Url}} ;; esac
                case " $* " in *" --check-config "*) command stories-server "$@"; return ;; esac
                case ${1-} in [a-z]*) command stories-server "$@"; return ;; esac
                command stories-server "$@" >server.log 2>&1 &
                local started=$!
                until curl --silent --fail http://127.0.0.1:{{port}}/readyz >ready; do
                    kill -0 "$started" || { cat server.log >&2; return 1; }
                    sleep 0.05
                done
                case " $* " in
                    *" --backup-to "*)
                        until command stories-server status --data stories-data --json | tr -d ' \n' | grep -q '"lastBackup":{'; do
                            kill -0 "$started"
                            sleep 0.05
                        done ;;
                    *" --data "*) stories list | grep -q Evening && stories list | grep -q morning ;;
                esac
                kill "$started"
                wait "$started"
                # The next one begins anew, and so takes its backup at once.
                rm -rf stories-data
            }
            """;

    [GeneratedRegex(@"^```console\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"stories-scheduled-\d{8}-\d{6}\.tar")]
    private static partial Regex ScheduledName();
}
