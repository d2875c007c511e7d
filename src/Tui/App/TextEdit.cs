using System.Globalization;

namespace StoriesCli.Tui.App;

/// <summary>Text that is being edited. The caret is always between two characters as people see them (grapheme clusters).</summary>
internal sealed record TextEdit(string Text, int Caret)
{
    /// <summary>The text is a proposal: the first typed character replaces it.</summary>
    public bool IsProposal { get; init; }

    /// <summary>No field of a story is longer; a longer paste is cut.</summary>
    private const int CharactersMaximum = 64 * 1024;

    public static TextEdit Empty { get; } = new("", 0);

    public static TextEdit Of(string? text) => new(text ?? "", text?.Length ?? 0);

    public static TextEdit Proposing(string text) => Of(text) with { IsProposal = true };

    public TextEdit Insert(string typed)
    {
        if (IsProposal)
        {
            return Empty.Insert(typed);
        }
        var fits = typed.Length <= CharactersMaximum - Text.Length ? typed : typed[..Math.Max(0, CharactersMaximum - Text.Length)];
        return new(Text.Insert(Caret, fits), Caret + fits.Length);
    }

    /// <summary>The text after an editing key; the same text if the key does nothing.</summary>
    public TextEdit After(EditKey steer) =>
        steer switch
        {
            EditKey.Backspace or EditKey.Delete or EditKey.EraseWord when IsProposal => Empty,
            EditKey.Left or EditKey.Right or EditKey.Home or EditKey.End when IsProposal => (this with { IsProposal = false }).After(steer),
            EditKey.Left => this with { Caret = Before(Caret) },
            EditKey.Right => this with { Caret = Behind(Caret) },
            EditKey.Home => this with { Caret = LineStart(Caret) },
            EditKey.End => this with { Caret = Text.IndexOf('\n', Caret) is var end and >= 0 ? end : Text.Length },
            EditKey.Backspace => Without(Before(Caret), Caret),
            EditKey.Delete => Without(Caret, Behind(Caret)),
            EditKey.EraseWord => Without(WordStart(Caret), Caret),
            EditKey.EraseLine => Without(LineStart(Caret), Caret),
            _ => this,
        };

    private TextEdit Without(int from, int to) => from == to ? this : new(Text.Remove(from, to - from), from);

    private int Behind(int at) => at >= Text.Length ? at : at + StringInfo.GetNextTextElementLength(Text, at);

    private int Before(int at)
    {
        // Clusters can only be found forwards, and none crosses a line break.
        var position = LineStart(at);
        if (position == at)
        {
            return Math.Max(0, at - 1);
        }
        while (Behind(position) is var next && next < at)
        {
            position = next;
        }
        return position;
    }

    private int LineStart(int at) => at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;

    private int WordStart(int at)
    {
        var start = LineStart(at);
        while (at > start && char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }
        while (at > start && !char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }
        return at;
    }
}
