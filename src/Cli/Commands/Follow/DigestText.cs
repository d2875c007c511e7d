using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

/// <summary>A digest as rows: event, story, person, age, text.</summary>
internal static class DigestText
{
    public static readonly string[] Headers = ["what", "id", "who", "age", "words"];

    public static IEnumerable<string[]> Rows(Digest digest, DateTimeOffset now) =>
        [
            .. digest.Posted.Items.Select(story => Row("posted", story, now, story.Title)),
            .. More("posted", digest.Posted.LeftOut),
            .. digest.Answered.Items.Select(reply =>
                new[] { "answered", reply.StoryId, reply.Author.Handle, StoryText.Age(reply.CreatedAt, now), reply.Text }
            ),
            .. More("answered", digest.Answered.LeftOut),
            .. digest.Kept.Items.Select(story => Row("kept", story, now, $"{story.Title} (in {story.KeptIn})")),
            .. More("kept", digest.Kept.LeftOut),
            .. digest.Asked.Items.Select(asked =>
                new[]
                {
                    asked.Open ? "asked" : "was asked",
                    asked.Id,
                    asked.Author.Handle,
                    StoryText.Age(asked.CreatedAt, now),
                    Asked(asked),
                }
            ),
            .. More("asked", digest.Asked.LeftOut),
            .. digest.NotSeen.Items.Where(it => it.People.Length > 0).Select(it => Row("not seen", it.Story, now, NotSeen(it))),
            .. More("not seen", digest.NotSeen.LeftOut),
        ];

    private static string[] Row(string what, DigestStory story, DateTimeOffset now, string words) =>
        [what, story.Id, story.Author.Handle, StoryText.Age(story.CreatedAt, now), words];

    private static string Asked(DigestQuestion asked) =>
        $"{asked.Kind}: {asked.Text}{string.Concat(asked.Options.Select((option, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? " — " : ", ")}{option.Text} {option.Votes}")))}";

    /// <summary>Private viewers are included as a number.</summary>
    private static string NotSeen(DigestAudience audience) =>
        $"by {string.Join(", ", audience.People.Select(person => person.Handle))}{(audience.LeftOut > 0 ? $" and {audience.LeftOut} more" : "")}{(audience.PrivateCount > 0 ? $"; {audience.PrivateCount} of them looked privately" : "")}";

    private static IEnumerable<string[]> More(string what, int count) =>
        count > 0
            ?
            [
                [what, "", "", "", $"and {count} more"],
            ]
            : [];
}
