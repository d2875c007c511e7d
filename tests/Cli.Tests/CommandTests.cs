using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests;

/// <summary>Runs commands against a server of its own, with a shell for each person.</summary>
public abstract class CommandTests : IAsyncLifetime
{
    private readonly List<Shell> _shells = [];
    private protected ServerHost _host = null!;
    private protected Shell _ana = null!,
        _bob = null!;

    public virtual async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _ana = await SignInAsync("ana");
        if (HasBob)
        {
            _bob = await SignInAsync("bob");
        }
    }

    public async Task DisposeAsync()
    {
        _shells.ForEach(shell => shell.Dispose());
        await _host.DisposeAsync();
    }

    /// <summary>Whether a second person is on the server.</summary>
    private protected virtual bool HasBob => true;

    private protected async Task<Shell> SignInAsync(string handle)
    {
        var shell = await Shell.SignInAsync(_host, handle);
        _shells.Add(shell);
        return shell;
    }
}
