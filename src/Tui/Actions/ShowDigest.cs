using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Lists what happened in the last day. Each line leads to its story.</summary>
internal sealed class ShowDigest() : TuiAction("digest of the last day", null, new ActionKey("digest", "T") { Classic = "g" })
{
    private const string AlbumTitle = "the last day";

    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => ListDialog.Load(model, "The last day", new Load());

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            List(await context.Client.Digests.GetAsync(cancel: stop).ConfigureAwait(false), context.Zone);
    }

    /// <summary>Newest first.</summary>
    internal static ListLoaded List(Digest digest, TimeZoneInfo zone)
    {
        var rows = Rows(digest).OrderByDescending(row => row.At).ToArray();
        var (times, verbs) = (rows.Select(row => Time(row.At)).ToArray(), rows.Select(row => row.Verb.Length).DefaultIfEmpty().Max());
        var widest = times.Select(time => time.Length).DefaultIfEmpty().Max();
        var left = digest.Posted.LeftOut + digest.Answered.LeftOut + digest.Kept.LeftOut + digest.Asked.LeftOut + digest.NotSeen.LeftOut;
        return new(
            [
                .. rows.Select(
                    (row, i) =>
                        new Choice($"@{row.Who.Handle}", row.Words, row.Msg)
                        {
                            Lead = Line.Of(new(times[i].PadLeft(widest) + "  ", Tone.Dim), new(row.Verb.PadRight(verbs) + "  ", row.Tone)),
                        }
                ),
            ],
            rows.Length == 0 ? "The last day: nothing happened"
                : left == 0 ? "The last day"
                : $"The last day, and {left.ToString(CultureInfo.InvariantCulture)} more"
        );

        string Time(DateTimeOffset at) =>
            TimeZoneInfo.ConvertTime(at, zone) is var here && here.Date == TimeZoneInfo.ConvertTime(digest.At, zone).Date
                ? Format.Time(at, zone)
                : here.ToString("ddd HH:mm", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<Happening> Rows(Digest digest) =>
        [
            .. digest.Posted.Items.Select(story => Of("posted", Tone.Good, story.Author, Title(story), story.CreatedAt, story.Id)),
            .. digest.Answered.Items.Select(reply => Of("answered", Tone.Accent, reply.Author, reply.Text, reply.CreatedAt, reply.StoryId)),
            .. digest.Kept.Items.Select(story =>
                Of("kept", Tone.Strong, story.Author, $"{Title(story)} · in {story.KeptIn}", story.CreatedAt, story.Id)
            ),
            .. digest.Asked.Items.Select(asked =>
                asked.Kind == "question"
                    ? Of(asked, new InputMsg.Start(new ShowQuestion()))
                    : Of(asked, new DialogMsg.Run(new OpenStory(asked.Id, AlbumTitle)))
            ),
            .. digest
                .NotSeen.Items.Where(it => it.People.Length > 0)
                .Select(it =>
                    Of(
                        "not seen",
                        Tone.Dim,
                        it.Story.Author,
                        $"{Title(it.Story)} · by {string.Join(", ", it.People.Select(person => person.Handle))}",
                        it.Story.CreatedAt,
                        it.Story.Id
                    )
                ),
        ];

    private static Happening Of(string verb, Tone tone, Person who, string words, DateTimeOffset at, string storyId) =>
        new(at, verb, tone, who, words, new DialogMsg.Run(new OpenStory(storyId, AlbumTitle)));

    private static Happening Of(DigestQuestion asked, Msg msg) =>
        new(asked.CreatedAt, asked.Open ? "asked" : "was asked", asked.Open ? Tone.Bad : Tone.Dim, asked.Author, Asked(asked), msg);

    /// <summary>One thing that happened, and where it leads.</summary>
    private sealed record Happening(DateTimeOffset At, string Verb, Tone Tone, Person Who, string Words, Msg Msg);

    private static string Title(DigestStory story) => story.Title.Length > 0 ? story.Title : story.Kind;

    private static string Asked(DigestQuestion asked) =>
        $"{asked.Kind}: {asked.Text}{string.Concat(asked.Options.Select((option, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? " — " : ", ")}{option.Text} {option.Votes}")))}";
}
