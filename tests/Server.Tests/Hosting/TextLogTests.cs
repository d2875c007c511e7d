using Serilog.Events;
using Serilog.Parsing;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class TextLogTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_others_write_begins_no_line_and_moves_no_terminal() =>
        Format("/v1/no\nX\r\u001b[31m\u0085\u2028\u202e", null)
            .Should()
            .Be("2026-11-22T18:00:00.000Z INF GET /v1/no\\u000aX\\u000d\\u001b[31m\\u0085\\u2028\\u202e\n");

    [Fact]
    public void No_line_of_an_exception_looks_like_an_entry()
    {
        var lines = Format("/", new InvalidOperationException("first\n2026-11-22T18:00:00.000Z INF forged")).TrimEnd('\n').Split('\n');

        lines.Should().HaveCount(3);
        lines.Skip(1).Should().OnlyContain(line => line.StartsWith("   ", StringComparison.Ordinal));
    }

    private static string Format(string path, Exception? exception)
    {
        var entry = new LogEvent(
            At,
            LogEventLevel.Information,
            exception,
            new MessageTemplateParser().Parse("GET {Path}"),
            [new("Path", new ScalarValue(path))]
        );
        using var text = new StringWriter();
        new TextLogFormat().Format(entry, text);
        return text.ToString();
    }
}
