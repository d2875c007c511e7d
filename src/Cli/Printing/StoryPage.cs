using System.Text;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>A story as a Markdown page beside its media. Text from others is escaped.</summary>
internal static class StoryPage
{
    private const int NameCharacters = 100;
    private static readonly string[] TextEndings = ["md", "markdown", "diff", "patch", "log"];

    /// <summary>A safe file name with the extension of the media type.</summary>
    public static string MediaName(Story story)
    {
        var given = Path.GetFileNameWithoutExtension(MediaFileName.Of(story));
        var name = string.Concat(given.Normalize(NormalizationForm.FormC).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' ? c : '-'))
            .Trim('-');
        while (name.Contains("--", StringComparison.Ordinal))
        {
            name = name.Replace("--", "-", StringComparison.Ordinal);
        }
        name = name.Length > NameCharacters ? name[..NameCharacters] : name;
        return $"{(name.Length == 0 || IsReserved(name) ? "media-" + story.Id : name)}.{Extension(story)}";
    }

    /// <summary>A text card keeps its extension, so that a forge renders it.</summary>
    private static string Extension(Story story) =>
        Path.GetExtension(story.Media.FileName ?? "").TrimStart('.').ToLowerInvariant() is var given
        && story.Kind == StoryKinds.Text
        && TextEndings.Contains(given)
            ? given
            : MediaFileName.Extension(story.Media.Type);

    private static string Language(string file) =>
        Path.GetExtension(file) switch
        {
            ".md" or ".markdown" => "markdown",
            ".diff" or ".patch" => "diff",
            _ => "text",
        };

    /// <summary>The files of the page by part: one, or three for a before/after story.</summary>
    public static IReadOnlyList<(string? Part, string Name)> FileNames(Story story)
    {
        var name = MediaName(story);
        return story.Compare is null
            ? [(null, name)]
            :
            [
                (StoryParts.After, name),
                (StoryParts.Before, NameOf(StoryParts.Before)),
                (StoryParts.Difference, NameOf(StoryParts.Difference)),
            ];

        string NameOf(string part) =>
            $"{Path.GetFileNameWithoutExtension(name)}-{part}.{MediaFileName.Extension(story.FindPart(part)!.Type)}";
    }

    public static string Write(Story story, IReadOnlyList<(string? Part, string Name)> files, string? text, IReadOnlyList<Reply> replies)
    {
        var page = new StringBuilder();
        page.Append($"# Story by {Name(story.Author)}\n");
        var media = files[0].Name;
        Add(
            story.Compare is { } compare ? Pictures(compare, files)
            : text is not null ? Markdown.Block(text, Language(media))
            : story.Kind == StoryKinds.Image ? $"![{MarkdownText.Escape(media)}]({media})"
            : $"[{MarkdownText.Escape(media)}]({media})"
        );
        Add(Markdown.EscapeLines(story.Caption ?? ""));
        Add(string.Join('\n', Facts(story, files)));
        if (story.Poll is { } poll)
        {
            Add($"## Poll: {MarkdownText.Escape(Polls.Describe(poll))}");
            Add(string.Join('\n', poll.Options.Select(option => $"- {MarkdownText.Escape(option.Text)}: {option.Votes}")));
        }
        if (replies.Count > 0)
        {
            Add("## Thread");
        }
        foreach (var reply in replies)
        {
            Add($"**{Name(reply.Author)}**, {StoryText.Time(reply.CreatedAt)}:");
            Add(Markdown.EscapeLines(reply.Text));
        }
        return page.ToString();

        void Add(string part)
        {
            if (part.Length > 0)
            {
                page.Append('\n').Append(part).Append('\n');
            }
        }
    }

    /// <summary>Side by side in a table, which every forge renders.</summary>
    private static string Pictures(StoryCompare compare, IReadOnlyList<(string? Part, string Name)> files)
    {
        string Picture(string part)
        {
            var name = files.Single(file => file.Part == part).Name;
            return $"![{MarkdownText.Escape(name)}]({name})";
        }

        return $"| Before | After | Difference: {ChangedShare.Describe(compare)} |\n|---|---|---|\n| {Picture(StoryParts.Before)} | {Picture(StoryParts.After)} | {Picture(StoryParts.Difference)} |";
    }

    private static IEnumerable<string> Facts(Story story, IReadOnlyList<(string? Part, string Name)> files)
    {
        yield return $"- Posted: {StoryText.Time(story.CreatedAt)}";
        foreach (var (part, name) in files)
        {
            var media = part is null ? story.Media : story.FindPart(part)!;
            yield return $"- {(part is null ? "Media" : char.ToUpperInvariant(part[0]) + part[1..])}: [{MarkdownText.Escape(name)}]({name}), {MarkdownText.Escape(media.Type)}, SHA-256 `{media.Sha256}`";
        }
        yield return $"- Id: `{story.Id}`";
        if (story.Tags.Length > 0)
        {
            yield return $"- Tags: {string.Join(", ", story.Tags.Select(MarkdownText.Escape))}";
        }
        if (story.Mentions.Length > 0)
        {
            yield return $"- Mentions: {string.Join(", ", story.Mentions.Select(handle => MarkdownText.Escape("@" + handle)))}";
        }
        if (story.Help is { } help)
        {
            yield return $"- Asks for help: {(help.Resolved ? "resolved" : "still wanted")}";
        }
        if (story.AckCount > 0)
        {
            yield return $"- Acknowledged by {story.AckCount}";
        }
        foreach (var link in story.Links.Append(story.Source?.RunUrl).OfType<string>())
        {
            if (Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                // Percent-encoded, so that nothing can close the link.
                yield return $"- Link: [{MarkdownText.Escape(link)}](<{address!.AbsoluteUri.Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal)}>)";
            }
        }
        if (story.Source is { } source)
        {
            yield return $"- Source: {MarkdownText.Escape(StoryText.DescribeSource(source))}";
        }
    }

    private static string Name(Person person) => $"{MarkdownText.Escape(person.DisplayName)} ({MarkdownText.Escape("@" + person.Handle)})";

    /// <summary>The page's own name and Windows device names.</summary>
    private static bool IsReserved(string name) =>
        name.ToUpperInvariant() is "STORY" or "README" or "CON" or "PRN" or "AUX" or "NUL"
        || (
            name.Length == 4
            && (name.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
        );
}
