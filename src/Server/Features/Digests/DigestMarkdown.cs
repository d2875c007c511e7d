using System.Globalization;
using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Digests;

/// <summary>A digest as Markdown. Other people's text is escaped to plain text.</summary>
internal static class DigestMarkdown
{
    public static string Of(Digest digest)
    {
        var text = new StringBuilder($"# Digest: {Time(digest.Since)} to {Time(digest.At)}\n");
        Section(text, "Posted", digest.Posted.LeftOut, digest.Posted.Items.Select(Line));
        Section(
            text,
            "Answered",
            digest.Answered.LeftOut,
            digest.Answered.Items.Select(reply =>
                $"{Name(reply.Author)}: {MarkdownText.Escape(reply.Text)} (to {(reply.Story is { } story ? $"{Name(story.Author)}, {Title(story)}, " : "a story that has expired, ")}`{reply.StoryId}`)"
            )
        );
        Section(
            text,
            "Kept",
            digest.Kept.LeftOut,
            digest.Kept.Items.Select(story => $"{Line(story)} in {MarkdownText.Escape(story.KeptIn!)}")
        );
        Section(text, "Asked", digest.Asked.LeftOut, digest.Asked.Items.Select(Asked));
        Section(text, "Not yet seen by", digest.NotSeen.LeftOut, digest.NotSeen.Items.Select(Audience));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, int leftOut, IEnumerable<string> lines)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        var any = false;
        foreach (var line in lines)
        {
            any = true;
            text.Append("- ").Append(line).Append('\n');
        }
        text.Append(
            leftOut > 0 ? $"- {leftOut.ToString(CultureInfo.InvariantCulture)} more\n"
            : any ? ""
            : "Nothing.\n"
        );
    }

    private static string Line(DigestStory story) =>
        $"{Name(story.Author)}, {story.Kind}{(story.Status is { } status ? $", {MarkdownText.Escape(status)}" : "")}: {Title(story)} (`{story.Id}`{(story.ReplyCount > 0 ? string.Create(CultureInfo.InvariantCulture, $", replies: {story.ReplyCount}") : "")})";

    private static string Asked(DigestQuestion asked) =>
        $"{asked.Kind}, {(asked.Open ? "open" : "closed")}: {Name(asked.Author)}: {MarkdownText.Escape(asked.Text)}{string.Concat(asked.Options.Select((option, i) => $"{(i == 0 ? " — " : "; ")}{MarkdownText.Escape(option.Text)}: {option.Votes.ToString(CultureInfo.InvariantCulture)}"))} (`{asked.Id}`)";

    private static string Audience(DigestAudience audience)
    {
        var names = audience
            .People.Select(Name)
            .Concat(audience.LeftOut > 0 ? [$"{audience.LeftOut.ToString(CultureInfo.InvariantCulture)} more"] : []);
        var hidden =
            audience.PrivateCount > 0
                ? $"; of them have looked privately: {audience.PrivateCount.ToString(CultureInfo.InvariantCulture)}"
                : "";
        return $"{Title(audience.Story)} (`{audience.Story.Id}`): {(audience.People.Length == 0 ? "nobody" : string.Join(", ", names))}{hidden}";
    }

    private static string Title(DigestStory story) => story.Title.Length == 0 ? story.Kind : MarkdownText.Escape(story.Title);

    private static string Name(Person person) => $"**{MarkdownText.Escape(person.Handle)}**";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
