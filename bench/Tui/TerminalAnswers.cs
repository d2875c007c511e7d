using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StoriesCli.Bench.Tui;

/// <summary>What a terminal says to what programs ask it, as kitty 0.41 does or as a terminal without graphics; and what it was sent meanwhile.</summary>
internal sealed partial class TerminalAnswers(bool isKitty, int columns, int rows)
{
    public const int CellWidth = 10,
        CellHeight = 20;

    private string _rest = "";

    /// <summary>Ends of frames so far, as DEC 2026 marks them.</summary>
    public int Frames { get; private set; }

    /// <summary>Whole pictures so far.</summary>
    public int Pictures { get; private set; }

    /// <summary>What to answer to this part of the output; a sequence may be cut between parts.</summary>
    public string To(ReadOnlySpan<byte> output)
    {
        var text = _rest + Encoding.Latin1.GetString(output);
        var answers = new StringBuilder();
        var at = text.IndexOf('\e', StringComparison.Ordinal);
        while (at >= 0)
        {
            var end = EndOf(text, at);
            if (end < 0)
            {
                break;
            }
            Answer(text[at..end], answers);
            at = text.IndexOf('\e', end);
        }
        _rest = at < 0 ? "" : text[at..];
        return answers.ToString();
    }

    /// <summary>Where the sequence ends that begins there; -1: not in this text.</summary>
    private static int EndOf(string text, int at)
    {
        if (at + 1 == text.Length)
        {
            return -1;
        }
        switch (text[at + 1])
        {
            case '[':
                for (var i = at + 2; i < text.Length; i++)
                {
                    if (text[i] is >= '@' and <= '~')
                    {
                        return i + 1;
                    }
                }
                return -1;
            case '_' or 'P' or ']':
                var bell = text[at + 1] == ']' ? text.IndexOf('\a', at) : -1;
                var end = text.IndexOf("\e\\", at + 2, StringComparison.Ordinal);
                return bell >= 0 && (end < 0 || bell < end) ? bell + 1
                    : end < 0 ? -1
                    : end + 2;
            default:
                return at + 2;
        }
    }

    private void Answer(string sequence, StringBuilder answers)
    {
        if (sequence.StartsWith("\e_G", StringComparison.Ordinal))
        {
            AnswerGraphics(sequence, answers);
            return;
        }
        Frames += sequence == "\e[?2026l" ? 1 : 0;
        answers.Append(
            sequence switch
            {
                "\e[c" or "\e[0c" => isKitty ? "\e[?62;c" : "\e[?62;22c",
                "\e[>q" or "\e[>0q" when isKitty => "\eP>|kitty(0.41.1)\e\\",
                "\e[?u" when isKitty => "\e[?0u",
                "\e[5n" => "\e[0n",
                "\e[6n" => "\e[1;1R",
                "\e[14t" => Number($"\e[4;{rows * CellHeight};{columns * CellWidth}t"),
                "\e[16t" => Number($"\e[6;{CellHeight};{CellWidth}t"),
                "\e[18t" => Number($"\e[8;{rows};{columns}t"),
                "\e[?2026$p" => "\e[?2026;2$y",
                _ when sequence.StartsWith("\e]10;?", StringComparison.Ordinal) => "\e]10;rgb:ffff/ffff/ffff\e\\",
                _ when sequence.StartsWith("\e]11;?", StringComparison.Ordinal) => "\e]11;rgb:0000/0000/0000\e\\",
                _ => "",
            }
        );
    }

    private void AnswerGraphics(string command, StringBuilder answers)
    {
        var keys = command[3..].Split(';')[0].Split(',');
        if (keys.Contains("a=q"))
        {
            answers.Append(isKitty ? Number($"\e_G{IdKey().Match(command).Value};OK\e\\") : "");
        }
        else if (keys.Contains("m=0"))
        {
            Pictures++;
        }
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("i=[0-9]+")]
    private static partial Regex IdKey();
}
