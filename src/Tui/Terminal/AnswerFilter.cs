using System.Text;

namespace StoriesCli.Tui.Terminal;

/// <summary>Takes out of what is typed the answers that Terminal.Gui would half take for keys: after each it waits 50 ms, and drops keys that come meanwhile.</summary>
/// <param name="hear">Given each answer, from its ESC up to but without its end.</param>
internal sealed class AnswerFilter(Action<string> hear)
{
    private const int LengthMaximum = 512;

    private const string End = "\e\\";

    private static readonly string[] _starts = ["\e_G", "\eP>|"];

    private readonly StringBuilder _held = new();

    /// <summary>What is left.</summary>
    /// <param name="typed">One read of the terminal.</param>
    public string Take(ReadOnlySpan<char> typed)
    {
        var text = _held.Append(typed).ToString();
        var isSecondHalf = _held.Length > typed.Length;
        _held.Clear();
        for (var at = 0; Find(text, at) is var start and >= 0; at = start)
        {
            var end = text.IndexOf(End, start + 1, StringComparison.Ordinal);
            if (end < 0)
            {
                // The rest may come with the next read, and not later.
                if (!isSecondHalf && text.Length - start <= LengthMaximum)
                {
                    _held.Append(text, start, text.Length - start);
                    return text[..start];
                }
                return text;
            }
            hear(text[start..end]);
            text = text.Remove(start, end + End.Length - start);
        }
        return text;
    }

    private static int Find(string text, int from) =>
        _starts.Select(start => text.IndexOf(start, from, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
}
