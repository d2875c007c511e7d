using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Text: UTF-8 without NUL. Its meaning to other programs does not matter, because it is only ever shown as text.</summary>
internal static class PlainText
{
    private const byte FirstOfSeveral = 0xC0;

    /// <summary>Whether bytes, which may end within a character, can be the beginning of a text. Control characters may stand in it: a client's guess is stricter.</summary>
    public static bool Seems(ReadOnlySpan<byte> first)
    {
        if (Utf8Text.Is(first))
            return true;
        for (var cut = 1; cut <= 3 && cut < first.Length; cut++)
            if (first[^cut] >= FirstOfSeveral)
                return Utf8Text.Is(first[..^cut]);
        return false;
    }

    public static MediaFacts Inspect(FileBytes file)
    {
        var all = new byte[file.Length];
        for (var at = 0; at < all.Length; )
        {
            var part = file.ReadOn(at);
            part.CopyTo(all.AsSpan(at));
            at += part.Length;
        }
        return Utf8Text.Is(all) ? new MediaFacts(StoryKinds.Text, MediaTypes.Text) : throw file.Broken("it is not valid UTF-8 to its end");
    }
}
