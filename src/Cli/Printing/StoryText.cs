using System.Globalization;
using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Formats stories as text.</summary>
internal static class StoryText
{
    public static readonly string[] Headers = ["id", "kind", "author", "age", "left", "caption", "asks"];

    public static string[] ToRow(Story story, DateTimeOffset now) =>
        [story.Id, story.Kind, story.Author.Handle, Age(story.CreatedAt, now), Left(story.ExpiresAt, now), Headline(story), Asks(story)];

    /// <summary>What a story asks for, with counts: to be watched now, a poll, an open help request, acknowledgements.</summary>
    public static string Asks(Story story) =>
        string.Join(
            ", ",
            new[]
            {
                story.Live ? "● live" : null,
                story.Poll is { } poll
                    ? $"{(poll.ClosedAt is null ? "poll" : "closed poll")} {Count(poll.Options.Sum(option => option.Votes), "vote")}"
                    : null,
                story.Help is { Resolved: false } ? "help wanted" : null,
                story.AckCount > 0 ? Count(story.AckCount, "ack") : null,
            }.OfType<string>()
        );

    /// <summary><c>1 vote</c>, <c>2 votes</c>.</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>The one-line title of a story.</summary>
    public static string Headline(Story story) => story.Caption ?? story.Text ?? story.Media.FileName ?? "";

    public static string Age(DateTimeOffset since, DateTimeOffset now) => Durations.FormatRounded(now - since);

    public static string Left(DateTimeOffset? until, DateTimeOffset now) => until is { } end ? Durations.FormatRounded(end - now) : "kept";

    /// <summary>All details of a story, for people.</summary>
    public static string Describe(Story story, string? wholeText, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Say("id", story.Id);
        Say("author", $"{story.Author.DisplayName} (@{story.Author.Handle})");
        Say("posted", $"{Time(story.CreatedAt)}, {Age(story.CreatedAt, now)} ago");
        Say(
            "expires",
            story.ExpiresAt is { } end ? $"{Time(end)}, {Durations.FormatRounded(end - now)} left" : $"never: kept in {story.KeptIn}"
        );
        Say("media", story.Live ? $"● live terminal, {story.Media.Width}×{story.Media.Height}" : DescribeMedia(story.Media));
        Say("live", story.Broken ? "broke off" : null);
        if (story.Compare is { } compare)
        {
            Say("before", DescribeMedia(compare.Before));
            Say("compare", ChangedShare.Describe(compare));
        }
        Say("slot", story.Slot);
        Say("tags", string.Join(' ', story.Tags.Select(tag => "#" + tag)));
        Say("audience", story.Audience.Names is { } names ? string.Join(", ", names) : story.Audience.Word);
        Say("source", story.Source is { } source ? DescribeSource(source) : null);
        foreach (var link in story.Links)
        {
            Say("link", link);
        }
        Say("mentions", string.Join(' ', story.Mentions.Select(handle => "@" + handle)));
        Say("answers", story.Answers);
        Say(
            "help",
            story.Help is { } help
                ? help.Resolved
                    ? "resolved"
                    : "wanted"
                : null
        );
        if (story.Poll is { } poll)
        {
            Say("poll", Polls.Describe(poll));
            foreach (var row in Enumerable.Range(0, poll.Options.Length).Select(option => Polls.ToRow(poll, option)))
            {
                Say("", $"{row[0]}. {row[2]}: {row[1]}");
            }
        }
        Say("acked", story.AckCount > 0 ? $"by {story.AckCount}{(story.Acked ? ", you too" : "")}" : null);
        Say("reactions", string.Join(' ', story.Reactions.Select(reaction => $"{reaction.Key} {reaction.Value}")));
        Say("replies", story.RepliesOn ? story.ReplyCount.ToString(CultureInfo.InvariantCulture) : "off");
        Say(
            "seen",
            story.ViewCount is { } views ? $"by {views}"
                : story.Viewed ? "yes"
                : "no"
        );
        Say("caption", story.Caption);
        return wholeText is null ? text.ToString().TrimEnd() : $"{text}\n{wholeText.TrimEnd()}";

        void Say(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name, -10}{CleanText.OneLine(value)}\n");
            }
        }
    }

    private static string DescribeMedia(StoryMedia media)
    {
        var parts = new List<string> { media.Type, ByteSize.Format(media.Bytes) };
        if (media is { Width: { } width, Height: { } height })
        {
            parts.Add($"{width}×{height}");
        }
        if (media.DurationMs is { } duration)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{duration / 1000.0:0.#} s"));
        }
        if (media.FileName is { } name)
        {
            parts.Add(name);
        }
        return string.Join(", ", parts);
    }

    public static string DescribeSource(StorySource source) =>
        string.Join(
            ' ',
            new[] { source.Repository, source.Ref, source.Commit, source.Run, source.Status, source.RunUrl }.Where(part =>
                !string.IsNullOrEmpty(part)
            )
        );

    /// <summary>For programs: RFC 3339.</summary>
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString(WireTimeConverter.Format, CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
