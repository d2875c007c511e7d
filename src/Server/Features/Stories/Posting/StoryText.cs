using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Stories;

/// <summary>How much of a text card stands in its row.</summary>
internal static class StoryText
{
    /// <summary>The text as its row holds it: whole, or the beginning of a longer one.</summary>
    public static string ForRow(string text)
    {
        var length = 0;
        var characters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (++characters > Limits.TextPreviewCharacters)
            {
                return text[..length];
            }
            length += rune.Utf16SequenceLength;
        }
        return text;
    }

    /// <summary>Whether the row holds the whole text, so that it needs no file.</summary>
    public static bool FitsRow(string text) => ForRow(text).Length == text.Length;
}
