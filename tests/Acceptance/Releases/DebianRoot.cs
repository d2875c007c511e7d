using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Releases;

/// <summary>A fresh Debian in a folder. It needs root and Debian's mirror.</summary>
internal sealed class DebianRoot : IDisposable
{
    private DebianRoot(string folder) => Path = folder;

    public string Path { get; }

    /// <summary>Unpacks a Debian that was downloaded once into <c>artifacts</c>.</summary>
    public static async Task<DebianRoot> MakeAsync()
    {
        var archive = System.IO.Path.Combine(Published.Artifacts, "debian-bookworm.tar");
        var root = new DebianRoot(Directory.CreateTempSubdirectory("stories-debian-").FullName);
        if (!File.Exists(archive))
        {
            (
                await Release.RunAsync(
                    "debootstrap",
                    "--variant=minbase",
                    "--include=ca-certificates,systemd,systemd-sysv,dbus,iproute2,curl",
                    "bookworm",
                    root.Path
                )
            ).Succeeded();
            (await Release.RunAsync("tar", "--numeric-owner", "-C", root.Path, "-cf", archive + ".part", ".")).Succeeded();
            File.Move(archive + ".part", archive);
        }
        else
        {
            (await Release.RunAsync("tar", "--numeric-owner", "-xpf", archive, "-C", root.Path)).Succeeded();
        }
        // A temporary folder is closed to all others, who are the accounts inside.
        File.SetUnixFileMode(root.Path, (UnixFileMode)0b111_101_101);
        return root;
    }

    /// <summary>Runs a command of its shell. The network is this machine's; nothing has booted.</summary>
    public Task<CommandRun> RunAsync(string command) =>
        Release.RunAsync("systemd-nspawn", [.. Options, "--setenv=DEBIAN_FRONTEND=noninteractive", "--pipe", "sh", "-ec", command]);

    /// <summary>Boots it with systemd and without a network. A unit runs the commands, and the machine is switched off after them.</summary>
    /// <returns>What the commands printed.</returns>
    public async Task<string> BootAsync(string commands)
    {
        await File.WriteAllTextAsync(
            InRoot("probe.sh"),
            $"exec >/probe.log 2>&1\nset -ex\nip link set lo up\n{commands}\necho 'all is well'\n"
        );
        await File.WriteAllTextAsync(
            InRoot("etc/systemd/system/probe.service"),
            """
            [Unit]
            After=multi-user.target
            [Service]
            Type=oneshot
            ExecStart=/bin/bash /probe.sh
            ExecStopPost=/bin/systemctl poweroff --force --no-block
            """
        );
        Directory.CreateDirectory(InRoot("etc/systemd/system/default.target.wants"));
        (
            await RunAsync("ln -sf ../probe.service /etc/systemd/system/default.target.wants/; systemctl set-default multi-user.target")
        ).Succeeded();
        var booted = await Release.RunAsync(
            "timeout",
            [
                "--signal=KILL",
                "120",
                "systemd-nspawn",
                .. Options,
                "--private-network",
                "--capability=all",
                "--boot",
                "systemd.log_target=console",
            ]
        );
        return File.Exists(InRoot("probe.log")) ? await File.ReadAllTextAsync(InRoot("probe.log")) : booted.Out + booted.Error;
    }

    public string InRoot(string path) => System.IO.Path.Combine(Path, path);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string[] Options => ["--quiet", "--register=no", "--keep-unit", $"--directory={Path}"];
}
