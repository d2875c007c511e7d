using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions.Post;

namespace StoriesCli.Tui.App;

/// <summary>Somebody, or a circle, to choose: <c>ana</c> or <c>+family</c>, and what else is known.</summary>
internal sealed record PickedPerson(string Word, string Detail);

/// <summary>A list of people and circles, for a field of a form. Several can be chosen. Esc returns to the form as it was.</summary>
/// <param name="Form">The form, with the field that has the caret.</param>
/// <param name="All">Those who can be chosen.</param>
/// <param name="Chosen">Those who are.</param>
/// <param name="Filter">What was typed.</param>
/// <param name="At">The line that the keys are on.</param>
internal sealed record PeoplePicker(
    FormDialog Form,
    ImmutableArray<PickedPerson> All,
    ImmutableSortedSet<string> Chosen,
    string Filter = "",
    int At = 0
) : Dialog
{
    public string Title => Form.Fields[Form.At].Label;

    public ImmutableArray<PickedPerson> Shown =>
        [
            .. All.Where(one =>
                one.Word.Contains(Filter, StringComparison.OrdinalIgnoreCase)
                || one.Detail.Contains(Filter, StringComparison.OrdinalIgnoreCase)
            ),
        ];

    public override string Hint => "space chooses   Enter takes them   type to narrow   Esc back";

    /// <summary>Opens it with those that the field names, and loads the others.</summary>
    public static Model Open(Model model, FormDialog form)
    {
        var named = PostForm.Words(form.Fields[form.At].Text.Text) ?? [];
        var picker = new PeoplePicker(form, [], [.. named]) { StoryId = form.StoryId };
        return picker.Await(model, new Load());
    }

    public override Model Type(Model model, string text) =>
        text == " " && At < Shown.Length
            ? model with
            {
                Dialog = this with
                {
                    Chosen = Chosen.Contains(Shown[At].Word) ? Chosen.Remove(Shown[At].Word) : Chosen.Add(Shown[At].Word),
                },
            }
            : model with
            {
                Dialog = this with { Filter = Filter + CleanText.OneLine(text).Trim(), At = 0 },
            };

    public override Model Press(Model model, EditKey key) =>
        key switch
        {
            EditKey.Enter => model with { Dialog = Form.WithText(string.Join(' ', Chosen)) },
            EditKey.Up or EditKey.BackTab => Move(model, At - 1),
            EditKey.Down or EditKey.Tab => Move(model, At + 1),
            EditKey.Home => Move(model, 0),
            EditKey.End => Move(model, int.MaxValue),
            EditKey.Backspace => model with { Dialog = this with { Filter = TextEdit.Of(Filter).After(key).Text, At = 0 } },
            _ => model,
        };

    public override Model Close(Model model) => model with { Dialog = Form };

    private Model Move(Model model, int to) => model with { Dialog = this with { At = Math.Clamp(to, 0, Math.Max(0, Shown.Length - 1)) } };

    private sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var circles = await context.Client.Circles.ListAsync(stop).ConfigureAwait(false);
            var people = await context.Client.Accounts.ListPeopleAsync(stop).ConfigureAwait(false);
            return new Loaded([
                .. circles.Select(circle => new PickedPerson($"+{circle.Name}", string.Join(' ', circle.Members))),
                .. people.Select(person => new PickedPerson(person.Handle, person.DisplayName == person.Handle ? "" : person.DisplayName)),
            ]);
        }
    }

    /// <summary>The people who can be chosen. Names that stand in the field and are unknown to the server stay in the list.</summary>
    public sealed record Loaded(ImmutableArray<PickedPerson> People) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            awaited && model.Dialog is PeoplePicker picker
                ? model with
                {
                    Dialog = picker with
                    {
                        Command = null,
                        All =
                        [
                            .. People,
                            .. picker
                                .Chosen.Where(word => !People.Any(person => person.Word == word))
                                .Select(word => new PickedPerson(word, "not known here")),
                        ],
                    },
                }
                : model;
    }
}
