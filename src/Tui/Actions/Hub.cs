using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>What an account has beside its stories: shares, feeds, circles, receipts, what its admins look after, and the way out.</summary>
internal static class Hub
{
    public static IEnumerable<Choice> Choices(AppState s, Account account)
    {
        yield return new(
            "Shares",
            "pages that you made for people outside; look, revoke",
            new Msg.Listing("Your shares", new Deed.ListShares(s.Zone))
        );
        yield return new("Feeds", "addresses for a feed reader; make, revoke", new Msg.Listing("Your feeds", new Deed.ListFeeds()));
        yield return new(
            "Circles",
            "your own groups of people, +name in an audience",
            new Msg.Listing("Your circles", new Deed.ListCircles())
        );
        yield return new(
            "Stories that are gone",
            "the word that the bytes are gone, and the thread for as long as it is kept",
            new Msg.Opening(
                new Dialog.Entering(
                    EntryFor.Gone,
                    "What is left of a story that is gone",
                    "its id, 26 characters; y copies the id of one that is still there",
                    TextEdit.Empty
                )
            )
        );
        if (account.Role is Roles.Owner or Roles.Admin)
        {
            yield return new("Reports", "what was reported to you admins", new Msg.Listing("Reported", new Deed.ListReports()));
            yield return new(
                "Webhooks",
                "who is told what happens, and how that went; make, end",
                new Msg.Listing("Webhooks", new Deed.ListWebhooks(s.Zone))
            );
        }
        yield return new(
            "Leave this server",
            "asks first",
            new Msg.Opening(
                new Dialog.Asking(
                    "Leave, and have all that is yours deleted?",
                    "Stories, archive, highlights, replies, reactions, votes, acknowledgements, circles, tokens, feeds, shares and webhooks go at once, for good. Your handle stays taken.",
                    new Deed.LeaveServer()
                )
                {
                    IsGrave = true,
                }
            )
        );
    }

    /// <summary>Asks before what cannot be taken back.</summary>
    public static Msg Revoking(string question, string detail, Deed deed) => new Msg.Opening(new Dialog.Asking(question, detail, deed));

    public static Dialog.Entering Entry(string name, IEnumerable<string> members) =>
        new(
            EntryFor.Circle,
            "Who is in it",
            "name: handles, parted by spaces; without any the circle ends",
            TextEdit.Of(name.Length == 0 ? "" : $"{name}: {string.Join(' ', members)}")
        );

    public static Dialog.Filling NewWebhook { get; } =
        new(
            "New webhook",
            "Make",
            [
                new("address", "Address", "http or https", TextEdit.Empty),
                new("events", "Events", $"all unless told: {string.Join(' ', EventTypes.All)}", TextEdit.Empty),
            ]
        )
        {
            For = FormFor.Webhook,
        };

    public static (Deed?, string?) Webhook(Dialog.Filling form) =>
        form["address"].Length == 0
            ? (null, "It needs the address that is told.")
            : (new Deed.MakeWebhook(form["address"], [.. Forms.Words(form["events"]) ?? []]), null);

    /// <summary>Null where it is none.</summary>
    public static Deed? Circle(string text) =>
        text.Split(':') is [var name, var members] && Names.Circle.IsMatch(name.Trim().TrimStart('+'))
            ? new Deed.PutCircle(
                name.Trim().TrimStart('+'),
                [.. members.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(member => member.TrimStart('@'))]
            )
            : null;
}
