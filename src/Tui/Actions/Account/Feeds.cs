using System.Globalization;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>Addresses for a feed reader.</summary>
internal static class Feeds
{
    public static Choice Choice { get; } =
        new("Feeds", "addresses for a feed reader; make, revoke", new DialogMsg.LoadList("Your feeds", new Load()));

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var feeds = await context.Client.Feeds.ListAsync(stop).ConfigureAwait(false);
            return new ListLoaded(
                [
                    new("Make one", "the address is shown once", new DialogMsg.LoadList("A new feed", new Make())),
                    .. feeds.Select(feed => new Choice(
                        feed.Name,
                        $"made {Format.Ago(context.Now - feed.CreatedAt)}",
                        new DialogMsg.Open(
                            new ConfirmDialog("Revoke this feed?", "Readers with its address will get nothing.", new Revoke(feed.Id))
                            {
                                IsDestructive = true,
                            }
                        )
                    )),
                ],
                "Your feeds"
            );
        }
    }

    public sealed record Make : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var made = await context.Client.Feeds.CreateAsync(cancel: stop).ConfigureAwait(false);
            var address = context.Client.Feeds.AddressOf(made.Key).AbsoluteUri;
            var end = made.ExpiresAt.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
            return new DialogOpened(
                new MessageDialog(
                    "A feed, copied. Its address is shown this once.",
                    $"{address}\n\nIt ends with the token that you are signed in with, {end} unless it renews before.",
                    address
                )
            );
        }
    }

    public sealed record Revoke(string FeedId) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Feeds.RevokeAsync(FeedId, stop).ConfigureAwait(false);
            return new Notice("Revoked: its address no longer works.");
        }
    }
}
