using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StoriesCli.Testing;
using Xunit.Abstractions;

namespace StoriesCli.Acceptance.Releases;

/// <summary>The packages, installed as on somebody's machine. It takes minutes, root and Debian's mirror.</summary>
[Collection(HeavyLoad.Name)]
public sealed partial class InstallationTests(Release release, ITestOutputHelper output) : IClassFixture<Release>
{
    private const string Join = "stories join http://127.0.0.1:7867 --handle NAME";

    [LongFact]
    public async Task A_package_is_installed_from_the_apt_repository_upgraded_removed_and_purged()
    {
        using var root = await DebianRoot.MakeAsync();
        using var server = new FolderServer(release.File("apt"));
        File.Copy(
            release.File("apt/stories-archive-keyring.gpg"),
            root.InRoot("etc/apt/keyrings/stories-archive-keyring.gpg"),
            overwrite: true
        );
        await File.WriteAllTextAsync(
            root.InRoot("etc/apt/sources.list.d/stories.sources"),
            (await File.ReadAllTextAsync(release.File("apt/stories.sources"))).Replace(
                "https://REPLACE-WITH-THE-ADDRESS-OF-THIS-FOLDER",
                server.Url,
                StringComparison.Ordinal
            )
        );

        var installed = (
            await root.RunAsync("apt-get update && apt-get install -y --no-install-recommends stories stories-server")
        ).Succeeded();
        installed.Out.Should().Contain("sudo cat /var/lib/stories/owner-invite | " + Join);
        (await root.RunAsync("stat -c '%U %a' /var/lib/stories; systemctl is-enabled stories-server"))
            .Out.Should()
            .Be("stories 700\nenabled\n");
        await PostAsync(root);

        var next = release.NewFolder();
        await Release.MakeAsync(next, Release.NextVersion, "deb");
        await File.WriteAllTextAsync(root.InRoot("etc/stories/server.json"), """{ "max-ttl": "2d" }""");
        foreach (var package in Directory.GetFiles(next, "*.deb"))
        {
            File.Copy(package, root.InRoot(Path.GetFileName(package)));
        }
        var upgraded = (await root.RunAsync("apt-get install -y --no-install-recommends /*.deb")).Succeeded();
        upgraded.Out.Should().NotContain(Join);
        (await root.RunAsync("dpkg-query -W -f '${Version} ${Status}\\n' stories stories-server"))
            .Out.Should()
            .Be(string.Concat(Enumerable.Repeat("1.2.4~rc.1 install ok installed\n", 2)));
        (await File.ReadAllTextAsync(root.InRoot("etc/stories/server.json"))).Should().Be("""{ "max-ttl": "2d" }""");

        await File.WriteAllTextAsync(root.InRoot("var/backups/stories/stories-1.tar"), "");
        (await root.RunAsync("apt-get remove -y stories-server")).Succeeded();
        File.Exists(root.InRoot("usr/bin/stories-server")).Should().BeFalse();
        File.Exists(root.InRoot("var/lib/stories/stories.db")).Should().BeTrue("what people posted outlives the package");
        var purged = (await root.RunAsync("apt-get purge -y stories-server </dev/null")).Succeeded();
        purged.Out.Should().Contain("the backups stay in /var/backups/stories");
        new[] { "var/lib/stories", "var/log/stories", "etc/stories" }.Where(path => Directory.Exists(root.InRoot(path))).Should().BeEmpty();
        File.Exists(root.InRoot("var/backups/stories/stories-1.tar")).Should().BeTrue();
    }

    [LongFact]
    public async Task The_service_runs_under_all_its_restrictions_is_backed_up_and_follows_its_package()
    {
        using var root = await DebianRoot.MakeAsync();
        foreach (var package in Directory.GetFiles(release.Folder, "*.deb"))
        {
            File.Copy(package, root.InRoot(Path.GetFileName(package)));
        }
        File.Copy(Published.Sample("photo.jpg"), root.InRoot("photo.jpg"));
        File.Copy(Published.Sample("video.mp4"), root.InRoot("video.mp4"));
        (await root.RunAsync("apt-get update && apt-get install -y --no-install-recommends ffmpeg /*.deb")).Succeeded();
        await File.WriteAllTextAsync(root.InRoot("etc/stories/server.json"), """{ "ffmpeg": "auto", "disk-floor": "0" }""");
        await Release.MakeAsync(root.InRoot("next"), Release.NextVersion, "deb");

        var log = await root.BootAsync(
            """
            export HOME=/tmp
            systemctl is-active stories-server
            cat /var/lib/stories/owner-invite | stories join http://127.0.0.1:7867 --handle ana
            token=$(stories token create --name probe --quiet)
            for file in photo.jpg video.mp4; do
                id=$(stories post /$file --quiet)
                curl -fsS -o /dev/null -w "poster of $file: %{http_code}\n" -H "Authorization: Bearer $token" "http://127.0.0.1:7867/v1/stories/$id/poster"
            done
            stories-server --check-config --data /var/lib/stories
            systemctl restart stories-server
            stories-server health --data /var/lib/stories
            stories-server status --data /var/lib/stories | grep -qx 'ffmpeg *auto (file)'
            stories list
            systemctl start stories-backup.service
            stories-server verify /var/backups/stories/*.tar
            systemctl enable --now stories-backup.timer
            systemctl is-active stories-backup.timer
            before=$(systemctl show --property MainPID --value stories-server)
            dpkg --install --force-confold /next/*.deb
            systemctl is-active stories-server
            test "$(systemctl show --property MainPID --value stories-server)" != "$before"
            dpkg --remove stories-server
            test "$(systemctl is-active stories-server)" = inactive
            test -z "$(grep -sxl stories-server /proc/[0-9]*/comm)"
            test -e /var/lib/stories/stories.db
            dpkg --purge stories-server
            test ! -e /var/lib/stories
            test -z "$(find /etc/systemd -name 'stories*')"
            """
        );

        output.WriteLine(log);
        log.Should().Contain("poster of photo.jpg: 200").And.Contain("poster of video.mp4: 200").And.EndWith("all is well\n");
    }

    [LongFact]
    public async Task The_image_runs_in_a_container_with_nothing_to_write_to_but_its_data()
    {
        var image = release.File($"stories-server-{Release.Version}-{Release.Rid}-image.tar");
        var storage = release.NewFolder();
        // Neither overlays nor limits above its own are to be had in every place where tests run.
        string[] podman = ["--root", $"{storage}/root", "--runroot", $"{storage}/run", "--storage-driver", "vfs", "--runtime", "runc"];
        (await Release.RunAsync("podman", [.. podman, "load", "--input", image])).Succeeded();
        string[] run =
        [
            "run",
            "--detach",
            "--name=stories",
            "--read-only",
            "--cap-drop=all",
            "--network=host",
            "--ulimit=nofile=4096:4096",
            "--ulimit=nproc=4096:4096",
            "--env=STORIES_SERVER_LISTEN=http://127.0.0.1:0",
            "--env=STORIES_SERVER_DISK_FLOOR=0",
            $"localhost/stories-server:{Release.Version}",
        ];
        try
        {
            (await Release.RunAsync("podman", [.. podman, .. run])).Succeeded();
            var url = "";
            await Eventually.TrueAsync(async () =>
            {
                var log = await Release.RunAsync("podman", [.. podman, "logs", "stories"]);
                url = Listening().Match(log.Out + log.Error).Groups[1].Value;
                return url.Length > 0;
            });
            using var http = new HttpClient();
            (await http.GetStringAsync($"{url}/readyz")).Should().NotBeEmpty();
            (await Release.RunAsync("podman", [.. podman, "inspect", "stories"]))
                .Out.Should()
                .Contain("\"/usr/bin/stories-server\",")
                .And.Contain("\"health\"");
            (await Release.RunAsync("podman", [.. podman, "exec", "stories", "/usr/bin/stories-server", "health"]))
                .Succeeded()
                .Out.Should()
                .Contain("ready");
        }
        finally
        {
            await Release.RunAsync("podman", [.. podman, "rm", "--force", "--time=5", "stories"]);
            await Release.RunAsync("podman", [.. podman, "rmi", "--all", "--force"]);
        }
    }

    [LongFact]
    public async Task What_is_inside_the_programs_is_listed()
    {
        var folder = release.NewFolder();

        await Release.MakeAsync(folder, Release.Version, "sbom");

        var server = await ComponentsAsync(folder, "stories-server");
        var client = await ComponentsAsync(folder, "stories");
        server.Should().Contain(["LiteDB", "libvips", "glib", ".NET"]).And.NotContain(name => name.EndsWith("Analyzers"));
        client.Should().Contain(["Terminal.Gui", ".NET"]).And.NotContain(["LiteDB", "libvips"]);
    }

    private static async Task<string[]> ComponentsAsync(string folder, string program)
    {
        var list = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"{program}-{Release.Version}.cdx.json")))!;
        ((string?)list["bomFormat"], (string?)list["metadata"]!["component"]!["version"]).Should().Be(("CycloneDX", Release.Version));
        return [.. list["components"]!.AsArray().Select(component => (string)component!["name"]!)];
    }

    [LongFact]
    public async Task The_same_programs_give_the_same_files()
    {
        var again = release.NewFolder();

        await Release.MakeAsync(again, Release.Version, "tarballs", "deb", "rpm", "npm", "oci", "installer");

        (await File.ReadAllTextAsync(Path.Combine(again, "SHA256SUMS")))
            .Should()
            .Be(await File.ReadAllTextAsync(release.File("SHA256SUMS")));
    }

    [LongFact]
    public async Task The_client_for_arm64_runs_and_needs_the_libraries_of_its_package()
    {
        var folder = release.NewFolder();
        (
            await Release.RunAsync(
                Published.Script("release"),
                "--systems",
                "linux-arm64",
                "--fast",
                "--out",
                folder,
                Release.Version,
                "tarballs",
                "deb"
            )
        ).Succeeded();
        var libraries = release.NewFolder();
        (await Release.RunAsync(Published.Packaging("oci/libraries"), "arm64", libraries)).Succeeded();
        var program = release.NewFolder();
        (
            await Release.RunAsync("dpkg-deb", "--extract", Path.Combine(folder, $"stories_{Release.Version}_arm64.deb"), program)
        ).Succeeded();

        var ran = await Release.RunAsync("qemu-aarch64-static", "-L", libraries, Path.Combine(program, "usr/bin/stories"), "--version");

        ran.Succeeded().Out.Should().Be($"stories {Release.Version}\n");
    }

    [LongFact]
    public async Task The_tool_of_dotnet_is_installed_from_a_folder_and_is_native()
    {
        var packages = release.NewFolder();
        var tools = release.NewFolder();
        (
            await Release.RunAsync(Published.Script("release"), "--systems", Release.Rid, "--out", packages, Release.Version, "tool")
        ).Succeeded();

        string[] install = ["tool", "install", "stories-cli", "--tool-path", tools, "--source", packages, "--version", Release.Version];
        (await Release.RunAsync("dotnet", install)).Succeeded();

        var program = Path.Combine(tools, "stories");
        (await Release.RunAsync(program, "--version")).Succeeded().Out.Should().Be($"stories {Release.Version}\n");
        (await Release.RunAsync("file", "--dereference", program)).Out.Should().Contain("ELF").And.NotContain("script");
        // What it needs of .NET is inside.
        (await Release.RunAsync("env", "-i", "DOTNET_ROOT=/nonexistent", program, "--version")).Succeeded();
    }

    /// <summary>Runs the installed server as its account, and posts as its first owner.</summary>
    private static async Task PostAsync(DebianRoot root)
    {
        var posted = await root.RunAsync(
            """
            runuser -u stories -- env STORIES_SERVER_LISTEN=http://127.0.0.1:0 STORIES_SERVER_DISK_FLOOR=0 stories-server --data /var/lib/stories >/run/server.log 2>&1 &
            until url=$(grep -om1 'http://127.0.0.1:[0-9]*' /run/server.log); do kill -0 $! || { cat /run/server.log; exit 1; }; sleep 0.1; done
            export HOME=/tmp
            stories join "$url" --handle ana </var/lib/stories/owner-invite
            stories post --text 'from a package'
            stories list
            kill $!
            """
        );
        posted.Succeeded().Out.Should().Contain("from a package");
    }

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
