using System.Runtime.Versioning;
using System.Text;
using StoriesCli.Cli.Running;
using StoriesCli.Posix;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Terminal;

[SupportedOSPlatform("linux")]
public sealed class SecretPromptTests : IDisposable
{
    // It holds the terminal open, and reads nothing of it.
    private readonly PtyChild _terminal = PtyChild.Start(
        ["sleep", "60"],
        [],
        new() { Columns = 80, Rows = 24 },
        CommandInput.Typed,
        isUsed: true,
        addsReturns: true
    );

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task A_secret_is_read_without_echo_and_the_terminal_given_back_as_it_was()
    {
        var before = ReadLocalMode();
        var reading = Task.Run(() => SecretPrompt.Read(_terminal.Slave));
        await Eventually.TrueAsync(() => (ReadLocalMode() & LibcTerminal.Echo) == 0);

        Type("sty_secrX\u007fet\n");

        (await reading).Should().Be("sty_secret");
        ReadLocalMode().Should().Be(before);
        HasOutput().Should().BeFalse("neither what was typed nor an escape sequence was written to the terminal");
    }

    private unsafe bool HasOutput()
    {
        byte shown;
        return Libc.Read(_terminal.Master, &shown, 1) > 0;
    }

    private unsafe uint ReadLocalMode()
    {
        LibcTerminal.TerminalMode mode;
        LibcTerminal.GetMode(_terminal.Slave, &mode).Should().Be(0);
        return mode.Local;
    }

    private unsafe void Type(string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);
        fixed (byte* first = bytes)
        {
            Libc.Write(_terminal.Master, first, (nuint)bytes.Length);
        }
    }
}
