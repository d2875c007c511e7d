using StoriesCli.Tui.Terminal;

namespace StoriesCli.Tui.Tests.Terminal;

public class ColourDepthTests
{
    [Theory]
    [InlineData("xterm-256color", "", 256, "Indexed")]
    [InlineData("xterm-256color", "COLORTERM=truecolor", 256, "True")]
    [InlineData("xterm-256color", "TMUX=/tmp/tmux,1,0", 256, "True")]
    [InlineData("screen", "TMUX=/tmp/tmux,1,0", 8, "True")]
    [InlineData("screen", "STY=1.pts", 8, "Sixteen")]
    [InlineData("xterm-kitty", "", null, "True")]
    [InlineData("xterm-direct", "", 16777216, "True")]
    [InlineData("linux", "", 8, "Sixteen")]
    [InlineData("xterm", "", 8, "Indexed")]
    [InlineData("xterm-16color", "", 16, "Sixteen")]
    [InlineData("xterm", "XTERM_VERSION=XTerm(390)", 8, "Indexed")]
    [InlineData("xterm", "", null, "Indexed")]
    [InlineData("vt100", "", -1, "None")]
    [InlineData("unheard-of", "", null, "Sixteen")]
    public void What_a_terminal_shows_is_known_by_what_the_surroundings_say(string term, string variable, int? described, string depth)
    {
        var given = variable.Split('=');

        ColourDepths
            .Find(
                name =>
                    name == "TERM" ? term
                    : name == given[0] ? given[^1]
                    : null,
                _ => described
            )
            .ToString()
            .Should()
            .Be(depth);
    }

    [Fact]
    public void Descriptions_of_terminals_are_read_in_both_forms()
    {
        Terminfo.Colours(Compiled(0x011A, 2, 256)).Should().Be(256);
        Terminfo.Colours(Compiled(0x021E, 4, 16777216)).Should().Be(16777216);
        Terminfo.Colours(Compiled(0x011A, 2, -1)).Should().Be(-1);
    }

    [Fact]
    public void Whatever_else_stands_in_such_a_file_is_no_description_and_no_fault()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var file = new byte[random.Next(64)];
            random.NextBytes(file);
            if (file.Length > 2 && i % 2 == 0)
            {
                (file[0], file[1]) = (0x1A, 0x01);
            }
            _ = Terminfo.Colours(file);
        }
        Terminfo.Colours("../../etc/passwd", _ => "/").Should().BeNull();
    }

    [Fact]
    public void The_systems_own_description_is_found() =>
        Terminfo.Colours("xterm-256color", Environment.GetEnvironmentVariable).Should().Be(256);

    private static byte[] Compiled(short magic, int width, int colours)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        foreach (var number in (short[])[magic, 5, 2, 15, 0, 0])
        {
            writer.Write(number);
        }
        writer.Write("ab|c\0\u0001\u0001"u8);
        writer.Write((byte)0);
        for (var i = 0; i < 15; i++)
        {
            var number = i == 13 ? colours : i;
            if (width == 2)
            {
                writer.Write((short)number);
            }
            else
            {
                writer.Write(number);
            }
        }
        return file.ToArray();
    }
}
