using System.Collections;
using System.Text;

namespace StoriesCli.Cli;

/// <summary>The context of a real process.</summary>
internal static class ProcessContext
{
    public static CliContext Take() =>
        new()
        {
            In = OperatingSystem.IsLinux() ? new DescriptorStream(0, isInput: true) : Console.OpenStandardInput(),
            Out = OperatingSystem.IsLinux() ? new DescriptorStream(1, isInput: false) : Console.OpenStandardOutput(),
            Error = new StreamWriter(
                OperatingSystem.IsLinux() ? new DescriptorStream(2, isInput: false) : Console.OpenStandardError(),
                new UTF8Encoding(false)
            )
            {
                AutoFlush = true,
            },
            ErrorBytes = OperatingSystem.IsLinux() ? new DescriptorStream(2, isInput: false) : Console.OpenStandardError(),
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Width = TerminalWidth.Read,
            ReadSecret = OperatingSystem.IsLinux() ? SecretPrompt.Read : ReadSecret,
            Environment = Environment.GetEnvironmentVariable,
            Variables = () =>
                Environment
                    .GetEnvironmentVariables()
                    .Cast<DictionaryEntry>()
                    .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? "")),
            InDescriptor = 0,
            StartDetached = DetachedStart.Start,
        };

    private static string? ReadSecret()
    {
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return typed.ToString();
                case ConsoleKey.Escape:
                    return null;
                case ConsoleKey.Backspace:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        typed.Append(key.KeyChar);
                    }
                    break;
            }
        }
    }
}
