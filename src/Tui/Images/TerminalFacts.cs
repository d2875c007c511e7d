using System.Globalization;

namespace StoriesCli.Tui.Images;

/// <summary>What a terminal says of itself, as far as it is known yet.</summary>
internal sealed record TerminalFacts
{
    /// <summary>Name and version, as XTVERSION gives them, such as <c>kitty(0.41.1)</c>; null: it has not answered.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it answered a question that all terminals answer, after all others.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Whether it answered to kitty's graphics.</summary>
    public bool HasKitty { get; init; }

    /// <summary>Whether it says that it has sixel.</summary>
    public bool HasSixel { get; init; }

    /// <summary>The tmux around this program; null: none, or it is not known yet.</summary>
    public TmuxFacts? Tmux { get; init; }
}

/// <summary>What tmux says of itself and of the terminal around it.</summary>
/// <param name="Terminal">Name and version of that terminal, such as <c>kitty(0.41.1)</c>; empty: unknown.</param>
/// <param name="Term">Its <c>TERM</c>.</param>
/// <param name="Features">What tmux uses of it, with commas between, such as <c>256,RGB,title</c>.</param>
/// <param name="PassesThrough">Whether a program may write past tmux.</param>
internal sealed record TmuxFacts(string Terminal, string Term, string Features, bool PassesThrough)
{
    private static readonly Version _firstWithPlaceholders = new(0, 28);

    /// <summary>Whether the terminal draws kitty's Unicode placeholders, and tmux keeps their colours.</summary>
    public bool CanDraw => IsCapable && HasAllColours;

    /// <summary>Whether the terminal draws them: kitty from 0.28 on, and Ghostty.</summary>
    public bool IsCapable =>
        Terminal.Length == 0 ? Term is "xterm-kitty" or "xterm-ghostty"
        : TerminalName.IsOf(Terminal, "kitty") ? TerminalName.VersionOf(Terminal) >= _firstWithPlaceholders
        : TerminalName.IsOf(Terminal, "ghostty");

    /// <summary>In fewer colours the numbers of pictures, which are colours, would be rounded.</summary>
    public bool HasAllColours => Features.Split(',').Contains("RGB");
}

/// <summary>Reads names of terminals, as XTVERSION gives them: <c>kitty(0.41.1)</c>, <c>WezTerm 20240203-110809-5046fc22</c>.</summary>
internal static class TerminalName
{
    private const int LengthMaximum = 100;

    private const string AnswerStart = "\eP>|";

    public const string Query = "\e[>q";

    /// <summary>The name in an answer to <see cref="Query"/>; null where it is none.</summary>
    public static string? Of(string answer) =>
        answer.StartsWith(AnswerStart, StringComparison.Ordinal) && answer.Length <= LengthMaximum
            ? answer[AnswerStart.Length..].TrimEnd('\\', '\e')
            : null;

    public static bool IsOf(string name, string terminal) =>
        name.StartsWith(terminal, StringComparison.OrdinalIgnoreCase)
        && (name.Length == terminal.Length || !char.IsLetterOrDigit(name[terminal.Length]));

    /// <summary>The first two or three numbers; 0.0 where there are none.</summary>
    public static Version VersionOf(string name)
    {
        var numbers = name.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c == '.').ToArray();
        var parts = new string(numbers).Split('.', StringSplitOptions.RemoveEmptyEntries);
        return new(Part(0), Part(1), Part(2));

        int Part(int i) => i < parts.Length && int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
    }
}
