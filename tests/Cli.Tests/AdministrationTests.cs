using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests;

public sealed class AdministrationTests : IAsyncLifetime
{
    private ServerHost _host = null!;
    private Shell _ana = null!;
    private Shell _bob = null!;

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _ana = await Shell.SignInAsync(_host, "ana");
        _bob = await Shell.SignInAsync(_host, "bob");
    }

    public async Task DisposeAsync()
    {
        _ana.Dispose();
        _bob.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Accounts_are_listed_changed_disabled_and_deleted()
    {
        (await _ana.RunAsync("admin", "accounts", "--quiet")).Lines.Should().Equal("ana", "bob");
        (await _ana.RunAsync("admin", "accounts", "bob", "--role", "admin")).Out.Should().StartWith("bob\tadmin\tactive\t");
        (await _ana.RunAsync("admin", "accounts", "@bob", "--disable", "--json")).Out.Should().Contain("\"disabled\":true");
        (await _bob.RunAsync("list")).ExitCode.Should().Be(4);
        (await _ana.RunAsync("admin", "accounts", "bob", "--delete")).ExitCode.Should().Be(2);
        (await _ana.RunAsync("admin", "accounts", "bob", "--delete", "--yes")).ExitCode.Should().Be(0);
        (await _ana.RunAsync("admin", "accounts", "bob")).ExitCode.Should().Be(3);
        (await _ana.RunAsync("admin", "accounts", "ana", "--role", "member")).ExitCode.Should().Be(5, "a server needs an owner");
        (await _ana.RunAsync("admin", "accounts", "--disable")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Usage_and_audit_are_for_admins()
    {
        await _bob.RunAsync("post", "--text", "Hello");

        (await _ana.RunAsync("admin", "usage")).Lines[0].Should().StartWith("bob\t1\t5\t");
        using var usage = JsonDocument.Parse((await _ana.RunAsync("admin", "usage", "--json")).Out);
        usage.RootElement.GetProperty("bytes").GetInt64().Should().Be(5);
        (await _ana.RunAsync("admin", "audit", "--limit", "1")).Lines.Should().ContainSingle().Which.Should().Contain("account.joined");
        (await _bob.RunAsync("admin", "usage")).ExitCode.Should().Be(4);
    }

    [Fact]
    public async Task A_backup_is_saved_whole()
    {
        var path = Path.Combine(_ana.Home, "all.tar");

        (await _ana.RunAsync("admin", "backup", "-o", path)).Out.Should().Be(path + "\n");

        File.ReadAllBytes(path).AsSpan(257, 5).ToArray().Should().Equal("ustar"u8.ToArray());
        (await _ana.RunAsync("admin", "backup", "-o", path)).ExitCode.Should().Be(5);
        (await _ana.RunAsync("admin", "backup", "-o", "-")).OutBytes.Length.Should().BeGreaterThan(1024);
        (await _bob.RunAsync("admin", "backup", "-o", path, "--force")).ExitCode.Should().Be(4);
        Directory.GetFiles(_ana.Home, "*.part").Should().BeEmpty();
    }

    [Fact]
    public async Task Circles_are_made_used_and_ended()
    {
        (await _ana.RunAsync("circle", "set", "+parser", "@bob")).Out.Should().Be("parser\tbob\n");
        (await _ana.RunAsync("post", "--text", "x", "--to", "+parser")).ExitCode.Should().Be(0);
        (await _ana.RunAsync("circle", "list", "--json")).Out.Should().Be("[{\"name\":\"parser\",\"members\":[\"bob\"]}]\n");
        (await _ana.RunAsync("circle", "set", "parser", "nobody")).ExitCode.Should().Be(5);
        (await _ana.RunAsync("circle", "rm", "parser")).ExitCode.Should().Be(0);
        (await _ana.RunAsync("circle", "rm", "parser")).ExitCode.Should().Be(3);
    }
}
