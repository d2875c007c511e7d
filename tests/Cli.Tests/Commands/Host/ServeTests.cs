namespace StoriesCli.Cli.Tests.Commands.Host;

public sealed class ServeTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Without_a_server_beside_it_the_message_names_the_place()
    {
        var ran = await _shell.RunAsync("serve", "--data", "x", "--listen", "http://127.0.0.1:0");

        ran.ExitCode.Should().Be(1);
        ran.Error.Should().Be("stories: There is no stories-server beside stories: /nonexistent/stories-server does not exist.\n");
    }

    [Fact]
    public async Task What_is_no_program_is_said_to_be_none()
    {
        _shell.ProgramFolder = _shell.Home;
        var path = _shell.WriteFile("stories-server", "no program");

        var ran = await _shell.RunAsync("serve");

        ran.ExitCode.Should().Be(1);
        ran.Error.Should().Be($"stories: {path} cannot be started: Permission denied.\n");
    }
}
