namespace StoriesCli.Emulation;

/// <summary>The meaning of a piece of text. Views choose the colours that the terminal can show.</summary>
internal enum Tone
{
    Plain,
    Dim,
    Strong,
    Accent,
    Good,
    Bad,
    Chosen,
}

[Flags]
internal enum InkStyle
{
    None = 0,
    Bold = 1,
    Faint = 2,
    Italic = 4,
    Underline = 8,
    Reverse = 16,
    Strike = 32,
}

internal readonly record struct Rgb(byte Red, byte Green, byte Blue);

/// <summary>A tone of ours, or colours that an author chose for a text card.</summary>
internal readonly record struct Ink(Tone Tone, Rgb? Fore = null, Rgb? Back = null, InkStyle Style = InkStyle.None)
{
    public static implicit operator Ink(Tone tone) => new(tone);
}
