using System.Globalization;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>
/// A digit chooses the person at that place of the list; Enter opens them. With the stage focused a digit votes in the poll that stands there.
/// </summary>
internal sealed class ChooseByNumber()
    : TuiAction(
        "choose the n-th person",
        null,
        [
            .. Enumerable
                .Range(1, 9)
                .Select(n => n.ToString(CultureInfo.InvariantCulture))
                .Select(digit => new ActionKey($"person-{digit}", digit, digit[0] - '0')),
        ]
    )
{
    /// <summary>A name without its digit chooses nothing.</summary>
    public override bool IsInPalette => false;

    public override bool Applies(Model model) => model.Tray.Places.Length > 1;

    public override Model Start(Model model, int step) =>
        model.Focus == Focus.Stage ? VoteInPoll.Vote(model, step - 1) : Navigation.Choose(model, step - 1);
}
