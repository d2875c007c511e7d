using System.Text;

namespace StoriesCli.Emulation;

/// <summary>One cell of a recorded terminal: a character with at most two marks. The second cell of a wide one has none, and no width.</summary>
internal readonly record struct Glyph(int Rune, Ink Ink, int Columns = 1, int Mark = 0, int SecondMark = 0)
{
    public static Glyph Blank(Ink ink) => new(' ', new(Tone.Plain, Back: ink.Back));

    public Glyph With(Rune mark) =>
        Mark == 0 ? this with { Mark = mark.Value }
        : SecondMark == 0 ? this with { SecondMark = mark.Value }
        : this;

    public void AppendTo(StringBuilder text)
    {
        foreach (var rune in (ReadOnlySpan<int>)[Rune, Mark, SecondMark])
        {
            if (rune != 0)
            {
                text.Append(new Rune(rune));
            }
        }
    }
}
