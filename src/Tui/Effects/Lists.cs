using StoriesCli.Contracts;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.Effects;

/// <summary>What the server lists, as things to choose.</summary>
internal static class Lists
{
    public static Outcome People(TeamMember[] people) => new Outcome.Listed(
        [.. people.Select(person => new Choice($"@{person.Handle}", Describe(person), new Msg.PersonChosen(person.Handle)))], $"People: {people.Length}");

    public static Outcome Highlights(string handle, Highlight[] highlights) => new Outcome.Listed(
        [.. highlights.Select(highlight => new Choice(highlight.Name, highlight.Count == 1 ? "1 story" : $"{highlight.Count} stories", new Msg.HighlightChosen(handle, highlight.Name)))],
        $"Highlights of @{handle}");

    private static string Describe(TeamMember person) =>
        string.Join(" · ", new[] { person.DisplayName == person.Handle ? "" : person.DisplayName, person.Role == Roles.Member ? "" : person.Role }.Where(part => part.Length > 0));
}
