using System.Collections.Immutable;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Lists everything that can be done here and now, with its key. Enter does it.</summary>
internal sealed class OpenPalette() : TuiAction("all that works here", "more", new ActionKey("palette", ": ctrl-p"))
{
    public override bool IsInPalette => false;

    private const int LastMaximum = 5;

    /// <summary>What was done here last comes first.</summary>
    protected override Model Start(Model model) =>
        model with
        {
            Dialog = new ActionList([
                .. Choices(model).OrderBy(choice => model.Session.LastFromPalette.IndexOf(choice.Msg) is var i and >= 0 ? i : LastMaximum),
            ]),
        };

    public override Model StartInHelp(Model model, int step) => Start(model with { Help = false });

    private static IEnumerable<Choice> Choices(Model model) =>
        model
            .Session.Keys.For(model.Session.Restricted)
            .Where(binding => binding.Action.IsInPalette && binding.Action.Applies(model))
            // The first has the action's own name; others without one are further keys for the same.
            .SelectMany(binding => binding.Keys.Where((bound, i) => i == 0 || bound.Name is not null))
            .Select(bound => new Choice(bound.Help, string.Join(' ', bound.Keys.Select(KeyNames.Label)), bound.Msg));

    public sealed record ActionList(ImmutableArray<Choice> All) : ListDialog("What you can do here", All)
    {
        public override string Hint => "↑ ↓ choose   Enter does it   type to narrow   Esc closes";

        protected override Model Note(Model model, Msg chosen) =>
            model with
            {
                Session = model.Session with
                {
                    LastFromPalette = [chosen, .. model.Session.LastFromPalette.Remove(chosen).Take(LastMaximum - 1)],
                },
            };

        /// <summary>Actions whose name begins with the typed text come first: "re" means to reply rather than to go to the previous story.</summary>
        public override ImmutableArray<Choice> Shown =>
            Filter.Length == 0
                ? All
                : [.. base.Shown.OrderBy(choice => !choice.Label.StartsWith(Filter.Trim(), StringComparison.OrdinalIgnoreCase))];
    }
}
