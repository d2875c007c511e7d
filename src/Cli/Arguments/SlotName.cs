using System.Security.Cryptography;
using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Arguments;

/// <summary>Makes the name of a slot out of what pipelines have: branches may hold capitals, spaces, any letter, and be long.</summary>
internal static class SlotName
{
    private const int HashCharacters = 8,
        MostCharacters = 64;

    /// <summary>The slot that is meant, said on stderr where it is called otherwise than was asked.</summary>
    public static string? Read(Session session, string? text)
    {
        if (text is null || Of(text) is var slot && slot == text)
        {
            return text;
        }
        session.Out.Note($"No slot can be called \"{Columns.Cut(CleanText.OneLine(text), 80)}\": it is \"{slot}\".");
        return slot;
    }

    /// <summary>The text itself where it can be a slot's name. Otherwise its letters and digits in lower case, and a hash of it, so that two texts never share a slot.</summary>
    public static string Of(string text)
    {
        if (Names.Slot.IsMatch(text))
        {
            return text;
        }
        var slug = new StringBuilder();
        foreach (var c in text)
        {
            var lower = char.ToLowerInvariant(c);
            if (char.IsAsciiLetterOrDigit(lower) || lower is '.' or '_' or '/')
            {
                slug.Append(lower);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashCharacters];
        var readable = slug.ToString(0, Math.Min(slug.Length, MostCharacters - HashCharacters - 1)).TrimEnd('-');
        return readable.Length == 0 ? hash : $"{readable}-{hash}";
    }
}
