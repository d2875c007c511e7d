using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>What one's own account does by itself: looking privately, archiving what expires.</summary>
internal static class Settings
{
    public static AppState Show(AppState s, Account account, bool waiting) =>
        waiting && s.Dialog is Dialog.Choosing list
            ? s with
            {
                Dialog = list with { All = [.. Choices(account), .. Hub.Choices(s, account)], Filter = "", Deed = null, Trouble = null },
            }
            : s.Say(account.Archive ? "What of yours expires from now on is archived, for you alone." : "The archive is off, and empty.");

    public static AppState Choose(AppState s, ProfileChange change)
    {
        if (change.Archive is false)
        {
            return s with
            {
                Dialog = new Dialog.Asking(
                    "Switch the archive off?",
                    "Everything in it is deleted at once.",
                    new Deed.ChangeSettings(change)
                ),
            };
        }
        s = s.Do(new Deed.ChangeSettings(change));
        return s with { Dialog = s.Dialog is { } dialog ? dialog with { Deed = s.LastDeed, Trouble = null } : null };
    }

    /// <summary>Where the archive begins: what to look for in it, or the offer to have one.</summary>
    public static Dialog Archive(Account account) =>
        account.Archive
            ? new Dialog.Entering(EntryFor.Archive, "Your archive", "words to look for; Enter alone shows everything", TextEdit.Empty)
            : new Dialog.Asking(
                "Your archive is off. Switch it on?",
                "What of yours expires from then on stays for you alone, for 90 days. It counts against your quota.",
                new Deed.ChangeSettings(new() { Archive = true })
            );

    private static ImmutableArray<Choice> Choices(Account account) =>
        [
            new(
                $"Look privately: {OnOff(account.PrivateViewing)}",
                account.PrivateViewing ? "authors learn that somebody looked, not who" : "authors learn that you have seen their stories",
                new Msg.SettingChosen(new() { PrivateViewing = !account.PrivateViewing })
            ),
            new(
                $"Archive: {OnOff(account.Archive)}",
                account.Archive ? "what of yours expires stays for you alone, for 90 days" : "what of yours expires is gone",
                new Msg.SettingChosen(new() { Archive = !account.Archive })
            ),
        ];

    private static string OnOff(bool on) => on ? "on" : "off";
}
