using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Lists what happened in the last day. Each line leads to its story.</summary>
internal sealed class ShowDigest() : TuiAction("digest of the last day", null, new ActionKey("digest", "g"))
{
    protected override Model Start(Model model) => ListDialog.Load(model, "The last day", new Load());

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            List(await context.Client.Digests.GetAsync(cancel: stop).ConfigureAwait(false));
    }

    internal static ListLoaded List(Digest digest)
    {
        Choice[] rows =
        [
            .. digest.Posted.Items.Select(story => Row("posted", story.Author, Title(story), digest.At - story.CreatedAt, story.Id)),
            .. digest.Answered.Items.Select(reply => Row("answered", reply.Author, reply.Text, digest.At - reply.CreatedAt, reply.StoryId)),
            .. digest.Kept.Items.Select(story =>
                Row("kept", story.Author, $"{Title(story)} · in {story.KeptIn}", digest.At - story.CreatedAt, story.Id)
            ),
            .. digest.Asked.Items.Select(asked =>
                Row(
                    asked.Open ? "asked" : "was asked",
                    asked.Author,
                    Asked(asked),
                    digest.At - asked.CreatedAt,
                    asked.Id,
                    isStory: asked.Kind != "question"
                )
            ),
            .. digest
                .NotSeen.Items.Where(it => it.People.Length > 0)
                .Select(it =>
                    Row(
                        "not seen",
                        it.Story.Author,
                        $"{Title(it.Story)} · by {string.Join(", ", it.People.Select(person => person.Handle))}",
                        digest.At - it.Story.CreatedAt,
                        it.Story.Id
                    )
                ),
        ];
        var left = digest.Posted.LeftOut + digest.Answered.LeftOut + digest.Kept.LeftOut + digest.Asked.LeftOut + digest.NotSeen.LeftOut;
        return new(
            [.. rows],
            rows.Length == 0 ? "The last day: nothing happened"
                : left == 0 ? "The last day"
                : $"The last day, and {left.ToString(CultureInfo.InvariantCulture)} more"
        );
    }

    private static Choice Row(string what, Person who, string words, TimeSpan age, string id, bool isStory = true) =>
        new(
            $"{what} · @{who.Handle}",
            $"{words} · {Format.Ago(age)}",
            isStory ? new DialogMsg.Run(new OpenStory(id, "the last day")) : new InputMsg.Start(new ShowQuestion())
        );

    private static string Title(DigestStory story) => story.Title.Length > 0 ? story.Title : story.Kind;

    private static string Asked(DigestQuestion asked) =>
        $"{asked.Kind}: {asked.Text}{string.Concat(asked.Options.Select((option, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? " — " : ", ")}{option.Text} {option.Votes}")))}";
}
