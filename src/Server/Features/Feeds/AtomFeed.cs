using System.Globalization;
using System.Net;
using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Feeds;

/// <summary>A story as a feed entry, with the URL of its file.</summary>
internal sealed record FeedStory(Story Story, string Url);

/// <summary>Writes stories as Atom 1.0 (RFC 4287).</summary>
internal static class AtomFeed
{
    public const string ContentType = "application/atom+xml";
    private const string IdPrefix = "urn:ulid:";
    private const int TitleCharacters = 100;

    /// <param name="reader">The account and key that read it. Each key has its own feed.</param>
    /// <param name="author">Handle of the author; null for the whole team's feed.</param>
    /// <param name="stories">Stories, newest first.</param>
    public static byte[] Write(FeedReader reader, string? author, IReadOnlyList<FeedStory> stories)
    {
        var feed = new SyndicationFeed
        {
            Id = IdPrefix + reader.Feed + (author is null ? "" : "/" + author),
            Title = Plain(author is null ? "Stories of the team" : $"Stories of {author}"),
            LastUpdatedTime = stories.Select(entry => entry.Story.EditedAt ?? entry.Story.CreatedAt).DefaultIfEmpty(reader.CreatedAt).Max(),
            Generator = "stories-server",
            Items = stories.Select(Entry).ToList(),
        };
        using var body = new MemoryStream();
        using (
            var xml = XmlWriter.Create(body, new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = false })
        )
        {
            new Atom10FeedFormatter(feed).WriteTo(xml);
        }
        return body.ToArray();
    }

    private static SyndicationItem Entry(FeedStory entry)
    {
        var story = entry.Story;
        var item = new SyndicationItem
        {
            Id = IdPrefix + story.Id,
            Title = Plain(TitleOf(story)),
            PublishDate = story.CreatedAt,
            LastUpdatedTime = story.EditedAt ?? story.CreatedAt,
            Content = new TextSyndicationContent(Clean(HtmlOf(entry)), TextSyndicationContentKind.Html),
        };
        item.Authors.Add(new() { Name = Clean(NameOf(story.Author)) });
        item.Links.Add(
            new SyndicationLink(
                new(entry.Url),
                "enclosure",
                Clean(CleanText.OneLine(story.Media.FileName ?? story.Id)),
                story.Media.Type,
                story.Media.Bytes
            )
        );
        foreach (var link in story.Links.Where(link => Uri.TryCreate(link, UriKind.Absolute, out _)))
        {
            item.Links.Add(new SyndicationLink(new(link)) { RelationshipType = "related" });
        }
        foreach (var tag in story.Tags)
        {
            item.Categories.Add(new(tag));
        }
        return item;
    }

    /// <summary>HTML for readers that do not open the enclosure.</summary>
    private static string HtmlOf(FeedStory entry)
    {
        var story = entry.Story;
        var url = WebUtility.HtmlEncode(entry.Url);
        var shown = story.Kind switch
        {
            StoryKinds.Image => $"<p><img src=\"{url}\" alt=\"\"></p>",
            StoryKinds.Video => $"<p><video src=\"{url}\" controls=\"controls\" preload=\"none\"></video></p>",
            StoryKinds.Audio => $"<p><audio src=\"{url}\" controls=\"controls\" preload=\"none\"></audio></p>",
            StoryKinds.Text => $"<pre>\n{WebUtility.HtmlEncode(CleanText.Lines(story.Text ?? ""))}</pre>",
            _ => $"<p><a href=\"{url}\">A recording of a terminal</a></p>",
        };
        return string.IsNullOrWhiteSpace(story.Caption)
            ? shown
            : $"<p>{WebUtility.HtmlEncode(CleanText.Lines(story.Caption)).Replace("\n", "<br>", StringComparison.Ordinal)}</p>{shown}";
    }

    private static string TitleOf(Story story)
    {
        var words = Clean(CleanText.Lines(story.Caption ?? story.Text ?? ""))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault();
        if (words is null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{story.Kind} by {NameOf(story.Author)}");
        }
        var runes = words.EnumerateRunes().Take(TitleCharacters + 1).ToList();
        return runes.Count <= TitleCharacters ? words : string.Concat(runes.Take(TitleCharacters)) + "…";
    }

    /// <summary>Display names are not unique; handles are.</summary>
    private static string NameOf(Person author)
    {
        var name = CleanText.OneLine(author.DisplayName);
        return name == author.Handle ? name : $"{name} (@{author.Handle})";
    }

    private static TextSyndicationContent Plain(string text) => new(Clean(text));

    /// <summary>Removes two characters that text allows but XML forbids.</summary>
    private static string Clean(string text) => string.Concat(text.Where(c => c is not ('\ufffe' or '\uffff')));
}
