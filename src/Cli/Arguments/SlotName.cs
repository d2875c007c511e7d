using System.Security.Cryptography;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Arguments;

/// <summary>Makes a valid slot name from any text, such as a branch name with capitals, spaces or other letters.</summary>
internal static class SlotName
{
    private const int HashCharacters = 8,
        MostCharacters = 64;

    /// <summary>The slot name to use, with a note on stderr if it differs from the given one.</summary>
    public static string? Read(Session session, string? text)
    {
        if (text is null || Of(text) is var slot && slot == text)
        {
            return text;
        }
        session.Out.Note($"\"{Columns.Cut(CleanText.OneLine(text), 80)}\" is not a valid slot name; using \"{slot}\" instead.");
        return slot;
    }

    /// <summary>The text itself if it is a valid slot name. Otherwise its letters and digits in lower case, plus a hash, so that two texts never share a slot.</summary>
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
        OpenSsl.Require();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashCharacters];
        var readable = slug.ToString(0, Math.Min(slug.Length, MostCharacters - HashCharacters - 1)).TrimEnd('-');
        return readable.Length == 0 ? hash : $"{readable}-{hash}";
    }
}
