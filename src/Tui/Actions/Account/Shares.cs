using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>The pages that the account made for people outside.</summary>
internal static class Shares
{
    public static Choice Choice { get; } =
        new("Shares", "pages that you made for people outside; look, revoke", new DialogMsg.LoadList("Your shares", new Load()));

    public sealed record Load : Command
    {
        // Each story is a request of its own; hardly anybody has more.
        private const int SharesNamed = 30;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var rows = new List<Choice>();
            foreach (var share in await context.Client.Shares.ListAsync(stop).ConfigureAwait(false))
            {
                var name =
                    rows.Count < SharesNamed ? await NameAsync(context.Client, share.StoryId, stop).ConfigureAwait(false) : share.StoryId;
                rows.Add(Row(share, name, context));
            }
            return new ListLoaded([.. rows], "Your shares");
        }

        private static async Task<string> NameAsync(ApiClient client, string storyId, CancellationToken stop)
        {
            try
            {
                return Format.Title(await client.Stories.GetAsync(storyId, stop).ConfigureAwait(false));
            }
            catch (ApiException e) when (e.Status is 404 or 410)
            {
                return storyId;
            }
        }

        private static Choice Row(Share share, string name, CommandContext context) =>
            new(
                name,
                $"opened {(share.OpenCount == 1 ? "once" : $"{share.OpenCount.ToString(CultureInfo.InvariantCulture)} times")}, until {Format.When(share.ExpiresAt, context.Zone, context.Now)}",
                new DialogMsg.Open(
                    new ConfirmDialog(
                        "Revoke this share?",
                        "Its page disappears at once for everybody who has the address.",
                        new Revoke(share.Id)
                    )
                    {
                        IsDestructive = true,
                    }
                )
            );
    }

    public sealed record Revoke(string ShareId) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Shares.RevokeAsync(ShareId, stop).ConfigureAwait(false);
            return new Notice("Revoked: its page is gone.");
        }
    }
}
