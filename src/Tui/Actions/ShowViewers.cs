using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Lists who viewed and who acknowledged the viewer's own story.</summary>
internal sealed class ShowViewers() : StoryAction("show who saw your story", null, new ActionKey("seen-by", "S"))
{
    public override bool IsForAuthor => true;

    protected override Model Start(Model model, Story shown) => ListDialog.Load(model, "Seen by", new Load(shown.Id));

    public sealed record Load(string StoryId) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var viewers = await context.Client.Stories.ListAllViewersAsync(StoryId, stop).ConfigureAwait(false);
            var acks = await context.Client.Conversation.ListAcksAsync(StoryId, stop).ConfigureAwait(false);
            return List(viewers, acks, context.Zone, context.Now);
        }
    }

    /// <summary>Both in one list, in the order of seeing.</summary>
    private static ListLoaded List(ViewerPage viewers, Acknowledgement[] acks, TimeZoneInfo zone, DateTimeOffset now)
    {
        var acked = acks.DistinctBy(ack => ack.Person.Handle).ToDictionary(ack => ack.Person.Handle, ack => ack.At);
        var seen = viewers.Items.Select(viewer => viewer.Person.Handle).ToHashSet();
        var count = viewers.Items.Length + viewers.PrivateCount;
        return new(
            [
                .. viewers.Items.Select(viewer =>
                    Row(
                        viewer.Person,
                        Format.When(viewer.At, zone, now)
                            + (acked.TryGetValue(viewer.Person.Handle, out var at) ? $" · acknowledged {Format.When(at, zone, now)}" : "")
                    )
                ),
                .. acks.Where(ack => !seen.Contains(ack.Person.Handle))
                    .Select(ack => Row(ack.Person, $"acknowledged {Format.When(ack.At, zone, now)}")),
                .. viewers.PrivateCount > 0
                    ? (Choice[])
                        [
                            new(
                                viewers.PrivateCount == 1 ? "1 who looks privately" : $"{viewers.PrivateCount} who look privately",
                                "counted, not named",
                                new InputMsg.Edited(EditKey.Escape)
                            ),
                        ]
                    : [],
            ],
            count == 0 && acks.Length == 0 ? "Seen by nobody yet"
                : count == 0 ? $"Acknowledged by {acks.Length}"
                : $"Seen by {count}, acknowledged by {acks.Length}"
        );

        static Choice Row(Person person, string detail) => new($"@{person.Handle}", detail, new ShowPeople.PersonChosen(person.Handle));
    }
}
