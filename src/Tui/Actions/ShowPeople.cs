using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Lists everybody on the server, and opens one of them.</summary>
internal sealed class ShowPeople() : TuiAction("all people on the server", null, new ActionKey("people", "@"))
{
    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => ListDialog.Load(model, "People", new Load());

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var people = await context.Client.Accounts.ListPeopleAsync(stop).ConfigureAwait(false);
            return new ListLoaded(
                [.. people.Select(person => new Choice($"@{person.Handle}", Describe(person), new PersonChosen(person.Handle)))],
                $"People: {people.Length}"
            );
        }

        private static string Describe(TeamMember person) =>
            string.Join(
                " · ",
                new[]
                {
                    person.DisplayName == person.Handle ? "" : person.DisplayName,
                    person.Role == Roles.Member ? "" : person.Role,
                }.Where(part => part.Length > 0)
            );
    }

    /// <summary>Opens the place of a person in the tray; without one, their highlights.</summary>
    public sealed record PersonChosen(string Handle) : ActionMsg
    {
        public override Model Update(Model model)
        {
            model = model with { Dialog = null };
            return model.Tray.Places.FirstOrDefault(place => place.Key == new PlaceKey(Handle, null)) is { } own
                    ? Navigation.Open(model, own.Key)
                : model.Tray.Places.FirstOrDefault(place => place.Key.Handle == Handle) is { } slot ? Navigation.Open(model, slot.Key)
                : ShowHighlights.Of(model, Handle);
        }
    }
}
