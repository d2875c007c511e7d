using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>What the server lists, as things to choose.</summary>
internal static class Lists
{
    public static Outcome People(TeamMember[] people) =>
        new Outcome.Listed(
            [.. people.Select(person => new Choice($"@{person.Handle}", Describe(person), new Msg.PersonChosen(person.Handle)))],
            $"People: {people.Length}"
        );

    public static Outcome Highlights(Deed.ListHighlights asked, Highlight[] highlights) =>
        new Outcome.Listed(
            [
                .. asked.Slot is { } slot
                    ? (Choice[])[new(slot, "what this slot showed before", new Msg.HistoryChosen(asked.Handle, slot))]
                    : [],
                .. highlights.Select(highlight => new Choice(
                    highlight.Name,
                    Counted.Stories(highlight.Count),
                    new Msg.HighlightChosen(asked.Handle, highlight.Name)
                )),
            ],
            $"Highlights of @{asked.Handle}"
        );

    /// <summary>Who has seen it and who has acknowledged it, in one list, in the order of seeing.</summary>
    public static Outcome Viewers(ViewerPage viewers, Acknowledgement[] acks, TimeZoneInfo zone, DateTimeOffset now)
    {
        var acked = acks.DistinctBy(ack => ack.Person.Handle).ToDictionary(ack => ack.Person.Handle, ack => ack.At);
        var seen = viewers.Items.Select(viewer => viewer.Person.Handle).ToHashSet();
        var count = viewers.Items.Length + viewers.PrivateCount;
        return new Outcome.Listed(
            [
                .. viewers.Items.Select(viewer =>
                    Row(
                        viewer.Person,
                        Words.When(viewer.At, zone, now)
                            + (acked.TryGetValue(viewer.Person.Handle, out var at) ? $" · acknowledged {Words.When(at, zone, now)}" : "")
                    )
                ),
                .. acks.Where(ack => !seen.Contains(ack.Person.Handle))
                    .Select(ack => Row(ack.Person, $"acknowledged {Words.When(ack.At, zone, now)}")),
                .. viewers.PrivateCount > 0
                    ? (Choice[])
                        [
                            new(
                                viewers.PrivateCount == 1 ? "1 who looks privately" : $"{viewers.PrivateCount} who look privately",
                                "counted, not named",
                                new Msg.Steered(Steer.Escape)
                            ),
                        ]
                    : [],
            ],
            count == 0 ? "Seen by nobody yet" : $"Seen by {count}, acknowledged by {acks.Length}"
        );

        static Choice Row(Person person, string detail) => new($"@{person.Handle}", detail, new Msg.PersonChosen(person.Handle));
    }

    private static string Describe(TeamMember person) =>
        string.Join(
            " · ",
            new[] { person.DisplayName == person.Handle ? "" : person.DisplayName, person.Role == Roles.Member ? "" : person.Role }.Where(
                part => part.Length > 0
            )
        );
}
