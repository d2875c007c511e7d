using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Shares;

/// <summary>What the page of a share shows of a story. Nothing else becomes public.</summary>
/// <param name="Kind">One of <see cref="StoryKinds"/>.</param>
/// <param name="Author">The author.</param>
/// <param name="Caption">The caption; null for none.</param>
/// <param name="Text">The whole text of a text card; null for other kinds.</param>
/// <param name="Media">The story's file.</param>
/// <param name="Compare">The other two images of a before/after story; null for others.</param>
/// <param name="MediaPath">URL of the file, relative to the page. The parameter <c>part</c> selects the other two images.</param>
/// <param name="ExpiresAt">When the page expires.</param>
/// <param name="Now">Time of the request.</param>
internal sealed record SharedStory(
    string Kind,
    Person Author,
    string? Caption,
    string? Text,
    StoryMedia Media,
    StoryCompare? Compare,
    string MediaPath,
    DateTimeOffset ExpiresAt,
    DateTimeOffset Now
);

/// <summary>The page of a share: one HTML file without scripts, cookies or fonts, which loads only the story's own file.</summary>
internal static class SharePage
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{margin:0;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        main{max-width:48rem;margin:0 auto;padding:1rem}
        figure{margin:0}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1rem;margin-bottom:1rem}
        .part{font-size:1rem;margin-top:.25rem;opacity:.75}
        img,video{display:block;margin:0 auto;max-width:100%;max-height:80vh;width:auto;height:auto;border-radius:.5rem}
        audio{width:100%}
        pre{margin:0;padding:1rem;white-space:pre-wrap;font:.9375rem/1.5 ui-monospace,monospace;border:1px solid GrayText;border-radius:.5rem}
        figcaption{margin-top:.75rem;font-size:1.125rem;white-space:pre-wrap}
        footer{margin-top:.75rem;opacity:.75}
        h1{font-size:1.25rem}
        """;

    private const int TitleCharacters = 80;

    private static readonly HtmlPage Frame = new(Style, "img-src 'self'; media-src 'self'; ");

    /// <summary>Headers for a page and for its media.</summary>
    public static void SetHeaders(IHeaderDictionary headers) => Frame.SetHeaders(headers);

    public static string Of(SharedStory story)
    {
        var name = Clean(CleanText.OneLine(story.Author.DisplayName)).Trim();
        // A display name can be anybody's: the handle says whose it is.
        var author = name.Length == 0 || name == story.Author.Handle ? $"@{story.Author.Handle}" : $"{name} (@{story.Author.Handle})";
        var noun = story.Compare is null ? Noun(story.Kind) : "Before and after";
        var by = $"{noun} by {author}";
        var caption = story.Caption is null ? "" : Clean(CleanText.Lines(story.Caption)).Trim();
        var figcaption = caption.Length == 0 ? "" : $"<figcaption lang=\"\" dir=\"auto\">{Encode(caption)}</figcaption>\n";
        var left = Left(story.ExpiresAt - story.Now);
        var end = story.ExpiresAt.UtcDateTime;
        return Frame.Of(
            caption.Length == 0 ? by : $"{author}: {Shorten(CleanText.OneLine(caption))}",
            $"""
            <figure>
            {Shown(story, caption.Length == 0 ? by : CleanText.OneLine(caption))}
            {figcaption}</figure>
            <footer>{noun} by <bdi>{Encode(author)}</bdi>, here until <time datetime="{end.ToString(
                WireTimeConverter.Format,
                CultureInfo.InvariantCulture
            )}">{end.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC</time>: {left}.</footer>
            """
        );
    }

    public static string OfRefusal(ErrorCode error)
    {
        var (title, words) =
            error == Errors.ShareEnded ? ("This story is no longer here", "The share has ended. Ask the person who gave you the address.")
            : error == Errors.ShareNotFound ? ("There is nothing here", "The address is incomplete, or its share was revoked.")
            : error == Errors.MediaDamaged
                ? ("This story cannot be shown", "Its file is damaged on the server. Ask the person who gave you the address.")
            : error.Status >= 500 ? ("This does not work now", "Try again in a moment.")
            : ("This does not work", error.Title);
        return Frame.Of(title, $"<h1>{Encode(title)}</h1>\n<p>{Encode(words)}</p>");
    }

    private static string Shown(SharedStory story, string alternative)
    {
        if (story.Compare is { } compare)
        {
            return ShownCompared(story, compare, alternative);
        }
        var (source, alt) = (Encode(story.MediaPath), Encode(alternative));
        return story.Kind switch
        {
            StoryKinds.Image => Picture(story.MediaPath, story.Media, alternative),
            StoryKinds.Video =>
                $"<video src=\"{source}\"{Size(story.Media)} controls playsinline preload=\"metadata\" aria-label=\"{alt}\"></video>",
            StoryKinds.Audio => $"<audio src=\"{source}\" controls preload=\"metadata\" aria-label=\"{alt}\"></audio>",
            // The parser drops the first newline.
            StoryKinds.Text => $"<pre lang=\"\" dir=\"auto\">\n{Encode(Clean(CleanText.Lines(story.Text ?? "")))}</pre>",
            _ =>
                $"<p><a href=\"{source}\" download=\"recording.cast\" rel=\"noreferrer\">Download the recording</a> of a terminal{Length(story.Media.DurationMs)}; <code>asciinema play recording.cast</code> plays it.</p>",
        };
    }

    /// <summary>Before and after side by side where there is room, and the difference below them.</summary>
    private static string ShownCompared(SharedStory story, StoryCompare compare, string alternative)
    {
        string Part(string part, StoryMedia media, string words) =>
            $"<figure>{Picture($"{story.MediaPath}?part={part}", media, $"{alternative} ({part})")}<figcaption class=\"part\">{words}</figcaption></figure>";
        return $"""
            <div class="pair">
            {Part(StoryParts.Before, compare.Before, "Before")}
            {Part(StoryParts.After, story.Media, "After")}
            </div>
            {Part(StoryParts.Difference, compare.Difference, $"Difference: {ChangedShare.Describe(compare)}")}
            """;
    }

    private static string Picture(string path, StoryMedia media, string alternative) =>
        $"<img src=\"{Encode(path)}\"{Size(media)} alt=\"{Encode(alternative)}\" lang=\"\">";

    private static string Size(StoryMedia media) =>
        media is { Width: { } width, Height: { } height }
            ? string.Create(CultureInfo.InvariantCulture, $" width=\"{width}\" height=\"{height}\"")
            : "";

    private static string Noun(string kind) =>
        kind switch
        {
            StoryKinds.Image => "Picture",
            StoryKinds.Video => "Video",
            StoryKinds.Audio => "Sound",
            StoryKinds.Text => "Text",
            _ => "Recording",
        };

    private static string Length(long? milliseconds) =>
        milliseconds is { } duration ? ", " + TimeSpan.FromMilliseconds(duration).ToString(@"m\:ss", CultureInfo.InvariantCulture) : "";

    private static string Left(TimeSpan time) =>
        time switch
        {
            { TotalHours: >= 48 } => $"{(int)time.TotalDays} days left",
            { TotalMinutes: >= 120 } => $"{(int)time.TotalHours} hours left",
            { TotalSeconds: >= 120 } => $"{(int)time.TotalMinutes} minutes left",
            _ => "moments left",
        };

    private static string Shorten(string title)
    {
        var runes = title.EnumerateRunes().Take(TitleCharacters + 1).ToList();
        return runes.Count <= TitleCharacters ? title : string.Concat(runes.Take(TitleCharacters)) + "…";
    }

    /// <summary>Removes noncharacters, which HTML forbids.</summary>
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Where(rune => (rune.Value & 0xfffe) != 0xfffe && rune.Value is not (>= 0xfdd0 and <= 0xfdef)));

    private static string Encode(string text) => HtmlPage.Encode(text);
}
