using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Releases;

/// <summary>What people download and install: made of the published programs, and looked into.</summary>
[Collection(HeavyLoad.Name)]
public sealed partial class ReleaseTests(Release release) : IClassFixture<Release>
{
    private const long ImageMaximum = 60_000_000;
    private const double ExposureMaximum = 1.5;

    [Fact]
    public async Task Every_file_has_its_checksum()
    {
        var named = (await File.ReadAllLinesAsync(release.File("SHA256SUMS"))).Select(line => line.Split("  ")[1]);

        (await Release.RunAsync("sh", "-c", $"cd '{release.Folder}' && sha256sum --check --strict SHA256SUMS")).Succeeded();
        named.Should().BeEquivalentTo(Directory.GetFiles(release.Folder).Select(Path.GetFileName).Where(name => name != "SHA256SUMS"));
        named.Should().HaveCountGreaterThanOrEqualTo(10);
    }

    [Fact]
    public async Task An_archive_holds_program_manual_completions_and_licence()
    {
        var client = await EntriesAsync($"stories-{Release.Version}-{Release.Rid}");
        var server = await EntriesAsync($"stories-server-{Release.Version}-{Release.Rid}");

        client["bin/stories"].Should().Be("-rwxr-xr-x 0/0");
        client["LICENSE"].Should().Be("-rw-r--r-- 0/0");
        client
            .Keys.Should()
            .Contain([
                "NOTICE",
                "share/man/man1/stories.1.gz",
                "share/man/man1/stories-post.1.gz",
                "share/bash-completion/completions/stories",
                "share/zsh/site-functions/_stories",
                "share/fish/vendor_completions.d/stories.fish",
            ]);
        server["bin/stories-server"].Should().Be("-rwxr-xr-x 0/0");
        server
            .Keys.Should()
            .Contain([
                "NOTICE",
                "share/man/man8/stories-server.8.gz",
                "lib/systemd/system/stories-server.service",
                "lib/sysusers.d/stories-server.conf",
                "lib/tmpfiles.d/stories-server.conf",
            ]);
    }

    [Fact]
    public async Task Packages_of_Debian_need_the_libraries_that_no_tool_finds_and_own_their_options()
    {
        (await FieldAsync("stories", "Depends")).Should().Be("libc6 (>= 2.34), libssl3 | libssl3t64");
        (await FieldAsync("stories-server", "Depends"))
            .Should()
            .Be("libc6 (>= 2.34), libssl3 | libssl3t64, libstdc++6, libgcc-s1, adduser");
        (await FieldAsync("stories-server", "Version")).Should().Be(Release.Version);
        var list = (
            await Release.RunAsync("dpkg-deb", "--contents", release.File($"stories-server_{Release.Version}_{Release.Architecture}.deb"))
        )
            .Succeeded()
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        list.Should().OnlyContain(line => line.Contains(" root/root ", StringComparison.Ordinal));
        list.Should().NotContain(line => line[5] == 'w' || line[8] == 'w', "only root changes what root runs");
        list.Should().Contain(line => line.StartsWith("-rwxr-xr-x", StringComparison.Ordinal) && line.EndsWith("./usr/bin/stories-server"));
        list.Should()
            .Contain(line => line.StartsWith("-rw-r--r--", StringComparison.Ordinal) && line.EndsWith("./etc/stories/server.json"));
        // A server refuses a data directory with something foreign in it.
        list.Should().NotContain(line => line.Contains("/var/"));
        (
            await Release.RunAsync(
                "dpkg-deb",
                "--info",
                release.File($"stories-server_{Release.Version}_{Release.Architecture}.deb"),
                "conffiles"
            )
        )
            .Out.Should()
            .Be("/etc/stories/server.json\n");
    }

    [Fact]
    public async Task Lintian_finds_no_error()
    {
        // The client's pages of the manual cost lintian half a minute: a long run looks at them.
        var packages = Environment.GetEnvironmentVariable("STORIES_LONG") == "1" ? "*.deb" : "stories-server*.deb";
        var run = await Release.RunAsync(
            "lintian",
            ["--allow-root", "--fail-on", "error", .. Directory.GetFiles(release.Folder, packages)]
        );

        (run.ExitCode, run.Out + run.Error).Should().Be((0, run.Out + run.Error));
        run.Out.Should().NotContain("E: ");
    }

    [Fact]
    public async Task The_units_are_understood_by_systemd_and_leave_little_open()
    {
        var folder = Path.Combine(await release.UnpackAsync("stories-server"), "usr/lib/systemd/system");
        var service = await File.ReadAllTextAsync(Path.Combine(folder, "stories-server.service"));
        // systemd looks whether the program is there.
        await File.WriteAllTextAsync(
            Path.Combine(folder, "stories-server.service"),
            service.Replace("/usr/bin/stories-server", Published.Server, StringComparison.Ordinal)
        );

        var verified = await Release.RunAsync("systemd-analyze", ["verify", "--man=no", .. Directory.GetFiles(folder)]);
        (verified.Out + verified.Error).Split('\n').Where(line => line.Contains("stories-", StringComparison.Ordinal)).Should().BeEmpty();
        foreach (var unit in Directory.GetFiles(folder, "*.service"))
        {
            var judged = (await Release.RunAsync("systemd-analyze", "security", "--offline=true", "--no-pager", unit)).Succeeded();
            var exposure = double.Parse(Exposure().Match(judged.Out).Groups[1].Value, CultureInfo.InvariantCulture);
            exposure.Should().BeLessThanOrEqualTo(ExposureMaximum, unit);
        }
        service
            .Should()
            .Contain("\nRestart=on-failure\n")
            .And.Contain("\nRestartPreventExitStatus=2\n")
            .And.Contain("\nUser=stories\n")
            .And.NotContain("--listen", "by itself the server listens on loopback");
    }

    [Fact]
    public async Task Packages_of_rpm_hold_the_same()
    {
        var rpm = Release.Architecture == "arm64" ? "aarch64" : "x86_64";
        var client = (await Release.RunAsync("rpm", "-qlp", release.File($"stories-{Release.Version}-1.{rpm}.rpm"))).Succeeded().Out;
        var server = release.File($"stories-server-{Release.Version}-1.{rpm}.rpm");
        var root = await release.UnpackAsync("stories-server");

        client
            .Split('\n')
            .Should()
            .Contain(["/usr/bin/stories", "/usr/share/man/man1/stories.1.gz", "/usr/share/zsh/site-functions/_stories"]);
        var files = (await Release.RunAsync("rpm", "-qlp", server)).Succeeded().Out.Split('\n');
        Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => file[root.Length..])
            .Where(file =>
                !file.StartsWith("/usr/share/doc/", StringComparison.Ordinal)
                && !file.StartsWith("/usr/share/lintian/", StringComparison.Ordinal)
            )
            .Should()
            .BeSubsetOf(files);
        (await Release.RunAsync("rpm", "-qp", "--requires", server))
            .Succeeded()
            .Out.Split('\n')
            .Should()
            .Contain(["libc.so.6(GLIBC_2.34)(64bit)", "libssl.so.3()(64bit)", "libstdc++.so.6()(64bit)", "libgcc_s.so.1()(64bit)"]);
        (await Release.RunAsync("rpm", "-qp", "--configfiles", server)).Out.Trim().Should().Be("/etc/stories/server.json");
    }

    [Fact]
    public async Task The_apt_repository_installs_and_a_changed_one_is_refused()
    {
        var served = release.NewFolder();
        (await Release.RunAsync("cp", "-a", release.File("apt/."), served)).Succeeded();
        using var server = new FolderServer(served);
        var apt = release.NewFolder();

        (await AptAsync(apt, server.Url, "update")).Succeeded();
        (await AptAsync(apt, server.Url, "download", "stories-server")).Succeeded();
        Directory.GetFiles(apt, "stories-server_*.deb").Should().ContainSingle();

        foreach (var file in Directory.GetFiles(Path.Combine(served, "dists"), "Packages*", SearchOption.AllDirectories))
        {
            await File.AppendAllTextAsync(file, "\n");
        }
        var changed = await AptAsync(release.NewFolder(), server.Url, "update");
        (changed.Out + changed.Error).Should().MatchRegex("(?i)(hash sum|size) mismatch|unexpected size");
    }

    [Fact]
    public async Task A_package_of_npm_starts_the_program_itself_and_without_scripts_through_node()
    {
        var system = $"stories-cli-{Release.Rid}-{Release.Version}.tgz";
        var version = (await Release.RunAsync(Published.Stories, "--version")).Out;
        foreach (
            var more in (string[][])
                [
                    [],
                    ["--ignore-scripts"],
                ]
        )
        {
            var folder = release.NewFolder();
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), "{}");
            (
                await Release.RunAsync(
                    "npm",
                    [
                        "install",
                        "--prefix",
                        folder,
                        "--offline",
                        "--no-audit",
                        "--no-fund",
                        .. more,
                        release.File(system),
                        release.File($"stories-cli-{Release.Version}.tgz"),
                    ]
                )
            ).Succeeded();
            var program = Path.Combine(folder, "node_modules/.bin/stories");

            (await Release.RunAsync(program, "--version")).Succeeded().Out.Should().Be(version);
            (await Release.RunAsync(program, "no-such-command")).ExitCode.Should().Be(2);
            new FileInfo(Path.Combine(folder, "node_modules/stories-cli/bin/stories"))
                .Length.Should()
                .Match(bytes => bytes > 1_000_000 == (more.Length == 0));
        }
    }

    [Fact]
    public async Task The_ways_to_install_of_the_readme_work_on_the_files_of_a_release()
    {
        var home = release.NewFolder();
        var commands = InstallCommands().Match(Published.Read("README.md")).Groups[1].Value;
        // What apt would do, without doing it: that needs root, and the long tests do it.
        await File.WriteAllTextAsync(Path.Combine(home, "sudo"), "#!/bin/sh\nshift\nexec apt-get --simulate \"$@\"\n");
        await File.WriteAllTextAsync(
            Path.Combine(home, "npm"),
            $"#!/bin/sh\nexec \"$REAL_NPM\" --offline --no-audit --no-fund --prefix \"$HOME/npm-global\" \"$@\"\n"
        );
        foreach (var shim in new[] { "sudo", "npm" })
        {
            File.SetUnixFileMode(Path.Combine(home, shim), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        var system =
            Release.Rid == "linux-x64"
                ? commands
                : commands
                    .Replace("amd64", "arm64", StringComparison.Ordinal)
                    .Replace("linux-x64", "linux-arm64", StringComparison.Ordinal);

        var run = (
            await Release.RunAsync(
                "env",
                $"HOME={home}",
                $"FILES={Path.GetDirectoryName(release.File("install.sh"))}",
                "bash",
                "-euc",
                $"export REAL_NPM=$(command -v npm) PATH=\"$HOME:$PATH\"; cd \"$FILES\"\n{system}"
            )
        ).Succeeded();

        run.Out.Should().Contain("Inst stories ").And.Contain("Inst stories-server ");
        foreach (var program in new[] { ".local/bin/stories", ".local/bin/stories-server", "npm-global/bin/stories" })
        {
            (await Release.RunAsync(Path.Combine(home, program), "--version")).Succeeded();
        }
    }

    [GeneratedRegex(@"^## Install\n.*?^```console\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex InstallCommands();

    [Fact]
    public async Task The_image_is_small_has_all_that_the_server_opens_and_runs_as_nobody_special()
    {
        var image = release.NewFolder();
        var root = release.NewFolder();
        (
            await Release.RunAsync("tar", "-xf", release.File($"stories-server-{Release.Version}-{Release.Rid}-image.tar"), "-C", image)
        ).Succeeded();
        foreach (var blob in Directory.GetFiles(Path.Combine(image, "blobs/sha256")))
        {
            (await Release.RunAsync("sha256sum", blob)).Out.Should().StartWith(Path.GetFileName(blob));
        }
        var manifest = Blob(image, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(image, "index.json")))!["manifests"]![0]!);
        var config = Blob(image, manifest["config"]!)["config"]!;
        var layer = Path.Combine(image, "blobs/sha256", Digest(manifest["layers"]![0]!));
        (await Release.RunAsync("tar", "--no-same-owner", "-xzf", layer, "-C", root)).Succeeded();

        ((string?)config["User"]).Should().Be("10001:10001");
        config["Volumes"]!.AsObject().Should().ContainKey("/data");
        config["Healthcheck"]!["Test"]!.AsArray().Select(word => (string?)word).Should().Equal("CMD", "/usr/bin/stories-server", "health");
        (await Release.RunAsync("tar", "--numeric-owner", "-tvzf", layer)).Out.Should().MatchRegex(@"drwx------ 10001/10001 .* \./data/");
        Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length)
            .Should()
            .BeLessThanOrEqualTo(ImageMaximum);
        // Only with what is in the image: the loader that this machine has is told to look nowhere else.
        var library = Directory.GetDirectories(Path.Combine(root, "usr/lib"), "*-linux-gnu").Single();
        var loader = Directory.EnumerateFiles(root, "ld-linux*", SearchOption.AllDirectories).Single();
        (
            await Release.RunAsync(
                loader,
                "--inhibit-cache",
                "--library-path",
                library,
                Path.Combine(root, "usr/bin/stories-server"),
                "--version"
            )
        ).Succeeded();
        Directory.GetFiles(library).Select(Path.GetFileName).Should().Contain(["libssl.so.3", "libstdc++.so.6", "libgcc_s.so.1"]);
    }

    [Fact]
    public async Task The_installer_installs_what_has_the_right_hash()
    {
        using var server = new FolderServer(release.Folder);
        var home = release.NewFolder();

        var run = (await InstallAsync(home, "--from", server.Url)).Succeeded();

        var program = Path.Combine(home, ".local/bin/stories");
        (await Release.RunAsync(program, "--version")).Succeeded();
        run.Out.Should().Contain($"{program} {Release.Version}").And.Contain("is not on your PATH");
        File.Exists(Path.Combine(home, ".local/share/man/man1/stories.1.gz")).Should().BeTrue();
        (await InstallAsync(home, "stories-server", "--from", release.Folder)).Succeeded();
        File.Exists(Path.Combine(home, ".local/bin/stories-server")).Should().BeTrue();
    }

    [Fact]
    public async Task A_file_with_another_hash_is_refused_and_nothing_is_installed()
    {
        var changed = release.NewFolder();
        var name = $"stories-{Release.Version}-{Release.Rid}.tar.gz";
        File.Copy(release.File(name), Path.Combine(changed, name));
        File.Copy(release.File("SHA256SUMS"), Path.Combine(changed, "SHA256SUMS"));
        await File.AppendAllTextAsync(Path.Combine(changed, name), "x");
        using var server = new FolderServer(changed);
        var home = release.NewFolder();

        var wrong = await InstallAsync(home, "--from", server.Url);
        var pinned = await InstallAsync(home, "--from", release.Folder, "--sha256", new string('0', 64));
        var missing = await InstallAsync(home, "--from", server.Url, "--version", "9.9.9");

        (wrong.ExitCode, pinned.ExitCode, missing.ExitCode).Should().Be((1, 1, 1));
        wrong.Error.Should().Contain("Nothing was installed");
        pinned.Error.Should().Contain("Nothing was installed");
        missing.Error.Should().Contain("cannot be had");
        Directory.EnumerateFileSystemEntries(home).Should().BeEmpty();
    }

    [Fact]
    public async Task The_action_installs_the_version_that_it_is_told_and_refuses_another_file()
    {
        var releases = release.NewFolder();
        Directory.CreateSymbolicLink(Path.Combine(releases, "v" + Release.Version), release.Folder);
        using var server = new FolderServer(releases);
        var (temporary, path, output) = (release.NewFolder(), Path.GetTempFileName(), Path.GetTempFileName());
        string[] variables =
        [
            $"RUNNER_TEMP={temporary}",
            $"GITHUB_PATH={path}",
            $"GITHUB_OUTPUT={output}",
            $"GITHUB_ACTION_PATH={Path.GetDirectoryName(Path.GetDirectoryName(Published.Script("release")))}",
            $"RELEASES={server.Url}",
            "PATH=/usr/bin:/bin",
            "INPUT_VERSION=",
            $"ACTION_REF=v{Release.Version}",
            $"VERSION={Release.Version}",
        ];
        Task<CommandRun> StepAsync(string id, string sha256) =>
            Release.RunAsync(
                "env",
                [
                    .. variables,
                    $"INPUT_SHA256={sha256}",
                    "bash",
                    "--noprofile",
                    "--norc",
                    "-eo",
                    "pipefail",
                    "-c",
                    PipelineTests.StepOf(id).Script,
                ]
            );

        (await StepAsync("find", "")).Succeeded();
        (await StepAsync("install", new string('0', 64))).ExitCode.Should().Be(1);
        Directory.EnumerateFileSystemEntries(temporary).Should().BeEmpty();
        (await StepAsync("install", "")).Succeeded();

        (await File.ReadAllTextAsync(output)).Should().Be($"how=release\nversion={Release.Version}\n");
        var folder = (await File.ReadAllTextAsync(path)).Trim();
        (await Release.RunAsync(Path.Combine(folder, "stories"), "--version")).Succeeded();
    }

    [Fact]
    public async Task What_cannot_be_made_is_said_at_once()
    {
        (await Release.RunAsync(Published.Script("release"), "1.2"))
            .Should()
            .Match<CommandRun>(run => run.ExitCode == 2 && run.Error.Contains("is not a version"));
        (await Release.RunAsync(Published.Script("release"), "1.2.3", "snap"))
            .Should()
            .Match<CommandRun>(run => run.ExitCode == 2 && run.Error.Contains("there is no part \"snap\""));
    }

    private Task<CommandRun> InstallAsync(string home, params string[] arguments) =>
        Release.RunAsync("env", [$"HOME={home}", "sh", release.File("install.sh"), .. arguments]);

    /// <summary>apt with folders of its own, which knows this repository alone.</summary>
    private static async Task<CommandRun> AptAsync(string folder, string url, params string[] arguments)
    {
        var keyring = Path.Combine(folder, "keyring.gpg");
        foreach (var name in new[] { "lists/partial", "cache/archives/partial", "etc/apt.conf.d", "etc/preferences.d" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }
        if (!File.Exists(keyring))
        {
            using var http = new HttpClient();
            await File.WriteAllBytesAsync(keyring, await http.GetByteArrayAsync($"{url}/stories-archive-keyring.gpg"));
            await File.WriteAllTextAsync(Path.Combine(folder, "status"), "");
            await File.WriteAllTextAsync(Path.Combine(folder, "etc/sources.list"), $"deb [signed-by={keyring}] {url} stable main\n");
        }
        string[] options =
        [
            $"Dir::Etc={folder}/etc",
            $"Dir::Etc::sourceparts=-",
            $"Dir::State::lists={folder}/lists",
            $"Dir::State::status={folder}/status",
            $"Dir::Cache={folder}/cache",
            "APT::Sandbox::User=",
            "Acquire::Languages=none",
            "Acquire::http::Proxy=DIRECT",
        ];
        return await Release.RunAsync(
            "sh",
            ["-c", "cd \"$0\" && apt-get \"$@\"", folder, .. options.SelectMany(option => new[] { "-o", option }), .. arguments]
        );
    }

    private async Task<string> FieldAsync(string package, string field) =>
        (await Release.RunAsync("dpkg-deb", "--field", release.File($"{package}_{Release.Version}_{Release.Architecture}.deb"), field))
            .Succeeded()
            .Out.Trim();

    /// <summary>Mode and owner of each file of an archive, by its path below the folder that the archive has.</summary>
    private async Task<Dictionary<string, string>> EntriesAsync(string name) =>
        (await Release.RunAsync("tar", "--numeric-owner", "-tvzf", release.File(name + ".tar.gz")))
            .Succeeded()
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[^1].StartsWith(name + "/", StringComparison.Ordinal))
            .ToDictionary(words => words[^1][(name.Length + 1)..], words => $"{words[0]} {words[1]}");

    private static string Digest(JsonNode descriptor) => ((string)descriptor["digest"]!)["sha256:".Length..];

    private static JsonNode Blob(string image, JsonNode descriptor) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(image, "blobs/sha256", Digest(descriptor))))!;

    [GeneratedRegex(@"Overall exposure level for [^:]*: ([0-9.]+)")]
    private static partial Regex Exposure();
}
