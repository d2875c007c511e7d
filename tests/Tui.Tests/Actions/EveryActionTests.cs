using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>
/// What each key of the registry does, as a table in Golden/actions.txt: a new action is tested by its lines there, which are read in review.
/// STORIES_GOLDEN names a folder to write it to.
/// </summary>
public class EveryActionTests
{
    private static readonly Story _theirs = Some.Story("ana", 1) with
    {
        RepliesOn = true,
        Links = ["https://team.example/builds/1"],
        Poll = new() { Question = "Friday?", Options = [new() { Text = "yes", Votes = 1 }, new() { Text = "no", Votes = 0 }] },
    };
    private static readonly Story _mine = Some.Story("dora", 1).Seen() with
    {
        RepliesOn = true,
        Links = _theirs.Links,
        Poll = _theirs.Poll,
        Help = new() { Resolved = false },
    };

    internal static IEnumerable<(string Name, Model Model)> Situations()
    {
        yield return ("their story", Some.Looking(_theirs, Some.Story("bob", 1)));
        yield return ("your story", Some.Looking(_mine));
        yield return ("a bare story", Some.Looking(Some.Story("ana", 1) with { Caption = null }));
        yield return ("archived", Albums.Open(Some.Looking(_theirs), "archive", [_mine], isArchive: true));
        yield return ("no story", Some.Empty);
        yield return ("in the help", Some.Looking(_theirs).After(Keys.Of("help")));
        yield return ("in a dialog", Some.Looking(_theirs).After(Keys.Of("search")));
        yield return ("--restricted", Some.Looking(_theirs).Restricted());
    }

    [Fact]
    public void Each_key_does_what_was_agreed_in_each_situation()
    {
        var table = new StringBuilder();
        foreach (var action in ActionRegistry.All)
        {
            foreach (var key in action.Keys)
            {
                var classic = key.Classic is { } keys ? $" (classic: {(keys.Length > 0 ? keys : "none")})" : "";
                table.Append($"{key.Keys}{classic} · {key.Name ?? "fixed"} · {key.Help ?? action.Help}\n");
                foreach (var (name, model) in Situations())
                {
                    table.Append($"    {name, -13}{Describe(model, model.After(new InputMsg.Start(action, key.Step)))}\n");
                }
            }
        }
        Goldens.Check("actions.txt", table.ToString());
    }

    [Fact]
    public void Every_action_has_keys_of_its_own_a_help_and_a_place_in_the_table_of_keys()
    {
        ActionRegistry.All.Should().OnlyHaveUniqueItems();
        ActionRegistry.All.Select(action => action.Help).Should().OnlyHaveUniqueItems().And.NotContain("");
        foreach (var action in ActionRegistry.All)
        {
            foreach (var key in action.Keys)
            {
                var expected = new InputMsg.Start(action, key.Step);
                foreach (var one in KeyNames.Default(key.Keys))
                {
                    KeyTable.Default.Find(one).Should().Be(expected);
                }
            }
        }
    }

    [Fact]
    public void All_actions_of_the_assembly_are_registered() =>
        typeof(TuiAction)
            .Assembly.GetTypes()
            // Those of the viewer's own come from the settings.
            .Where(type => type.IsSubclassOf(typeof(TuiAction)) && !type.IsAbstract && type != typeof(OwnCommand))
            .Should()
            .BeEquivalentTo(ActionRegistry.All.Select(action => action.GetType()).Distinct());

    private static string Describe(Model before, Model after)
    {
        string?[] parts =
        [
            after.Output.Copied != before.Output.Copied ? $"copies \"{after.Output.Copied.Text}\"" : null,
            after.Dialog is { } dialog && dialog != before.Dialog ? $"opens {Title(dialog)}" : null,
            .. after
                .Commands.Except(before.Commands)
                .Select(command => $"runs {command.GetType().FullName!.Split('.')[^1].Replace('+', '.')}"),
            after.Note is { } note && note != before.Note ? $"says \"{note.Text}\"" : null,
            after.Exit is { } exit ? $"exits: {exit.GetType().Name}" : null,
            after.Help != before.Help ? (after.Help ? "opens the help" : "closes the help") : null,
            after.Paused != before.Paused ? "pauses" : null,
            after.Focus != before.Focus ? $"focuses the {after.Focus.ToString().ToLowerInvariant()}" : null,
            after.PlayingId != before.PlayingId ? $"plays {after.PlayingId}" : null,
            after.Tray != before.Tray || after.ShownId != before.ShownId ? "moves" : null,
            after.Scrolled != before.Scrolled ? "scrolls" : null,
        ];
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } text ? text : "nothing";
    }

    private static string Title(Dialog dialog) =>
        dialog switch
        {
            ListDialog list => $"the list \"{list.Title}\"",
            PromptDialog prompt => $"the prompt \"{prompt.Title}\"",
            ConfirmDialog confirm => $"the question \"{confirm.Question}\"",
            FormDialog form => $"the form \"{form.Title}\"",
            _ => dialog.GetType().Name,
        };
}
