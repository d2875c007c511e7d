using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>What <see cref="Hub"/> offers: lists of it, and what is done to them.</summary>
internal sealed class HubWork(TuiOptions options)
{
    // Each is asked for by itself; hardly anybody has more.
    private const int SharesNamed = 30;

    private readonly ApiClient _client = options.Client;

    private DateTimeOffset Now => options.Clock.GetUtcNow() + _client.ClockOffset;

    /// <summary>Null where the deed is none of these.</summary>
    public async Task<Outcome?> DoAsync(Deed deed, CancellationToken stop)
    {
        switch (deed)
        {
            case Deed.ListShares list:
                return Listed("Your shares", await ListSharesAsync(list, stop).ConfigureAwait(false));
            case Deed.RevokeShare revoke:
                await _client.RevokeShareAsync(revoke.ShareId, stop).ConfigureAwait(false);
                return new Outcome.Said("Revoked: its page is gone.");
            case Deed.ListFeeds:
                return Listed(
                    "Your feeds",
                    (await _client.ListFeedsAsync(stop).ConfigureAwait(false))
                        .Select(Row)
                        .Prepend(new("Make one", "the address is shown once", new Msg.Listing("A new feed", new Deed.MakeFeed())))
                );
            case Deed.MakeFeed:
                return Made(await _client.CreateFeedAsync(cancel: stop).ConfigureAwait(false));
            case Deed.RevokeFeed revoke:
                await _client.RevokeFeedAsync(revoke.FeedId, stop).ConfigureAwait(false);
                return new Outcome.Said("Revoked: its address reads nothing any more.");
            case Deed.ListCircles:
                return Listed(
                    "Your circles",
                    (await _client.ListCirclesAsync(stop).ConfigureAwait(false))
                        .Select(Row)
                        .Append(new("New circle", "", new Msg.Opening(Hub.Entry("", []))))
                );
            case Deed.PutCircle { Members.IsEmpty: true } end:
                await _client.DeleteCircleAsync(end.Name, stop).ConfigureAwait(false);
                return new Outcome.Said($"The circle {end.Name} has ended.");
            case Deed.PutCircle put:
                var circle = await _client.PutCircleAsync(put.Name, [.. put.Members], stop).ConfigureAwait(false);
                return new Outcome.Said($"+{circle.Name} has {circle.Members.Length}.");
            case Deed.ListReports:
                return Listed(
                    "Reported",
                    (await _client.ListReportsAsync(stop).ConfigureAwait(false)).Select(report => new Choice(
                        report.Reason,
                        $"@{report.Reporter.Handle} of @{report.Story.Author.Handle}'s: {Live.Title(report.Story)}",
                        new Msg.StoryChosen(report.Story.Id, "reported")
                    ))
                );
            case Deed.ListWebhooks list:
                return Listed(
                    "Webhooks",
                    (await _client.ListWebhooksAsync(stop).ConfigureAwait(false))
                        .Select(hook => Row(hook, list.Zone))
                        .Append(new("New webhook", "its secret is shown once", new Msg.Opening(Hub.NewWebhook)))
                );
            case Deed.MakeWebhook make:
                return Made(
                    await _client
                        .CreateWebhookAsync(new() { Url = make.Address, Events = make.Events.IsEmpty ? null : [.. make.Events] }, stop)
                        .ConfigureAwait(false)
                );
            case Deed.RemoveWebhook remove:
                await _client.DeleteWebhookAsync(remove.WebhookId, stop).ConfigureAwait(false);
                return new Outcome.Said("Ended: it is told nothing any more.");
            case Deed.ListDeliveries list:
                return Listed(
                    "Last deliveries",
                    (await _client.ListDeliveriesAsync(list.WebhookId, stop).ConfigureAwait(false)).Select(delivery =>
                        Row(delivery, list.Zone)
                    )
                );
            case Deed.LeaveServer:
                await _client.LeaveAsync(stop).ConfigureAwait(false);
                options.Left?.Invoke();
                return new Outcome.Left();
            default:
                return null;
        }
    }

    private static Outcome.Listed Listed(string title, IEnumerable<Choice> choices) => new([.. choices], title);

    private async Task<IReadOnlyList<Choice>> ListSharesAsync(Deed.ListShares list, CancellationToken stop)
    {
        var rows = new List<Choice>();
        foreach (var share in await _client.ListSharesAsync(stop).ConfigureAwait(false))
        {
            rows.Add(
                Row(share, rows.Count < SharesNamed ? await NameAsync(share.StoryId, stop).ConfigureAwait(false) : share.StoryId, list.Zone)
            );
        }
        return rows;
    }

    private async Task<string> NameAsync(string storyId, CancellationToken stop)
    {
        try
        {
            return Live.Title(await _client.GetStoryAsync(storyId, stop).ConfigureAwait(false));
        }
        catch (ApiException e) when (e.Status is 404 or 410)
        {
            return storyId;
        }
    }

    private Choice Row(Share share, string name, TimeZoneInfo zone) =>
        new(
            name,
            $"opened {(share.OpenCount == 1 ? "once" : $"{share.OpenCount.ToString(CultureInfo.InvariantCulture)} times")}, until {Words.When(share.ExpiresAt, zone, Now)}",
            Hub.Revoking("Revoke this share?", "Its page is gone at once, for whoever has the address.", new Deed.RevokeShare(share.Id))
        );

    private Choice Row(Feed feed) =>
        new(
            feed.Name,
            $"made {Words.Ago(Now - feed.CreatedAt)}",
            Hub.Revoking("Revoke this feed?", "Readers that have its address get nothing any more.", new Deed.RevokeFeed(feed.Id))
        );

    private static Choice Row(Circle circle) =>
        new($"+{circle.Name}", string.Join(' ', circle.Members), new Msg.Opening(Hub.Entry(circle.Name, circle.Members)));

    private static Choice Row(Webhook hook, TimeZoneInfo zone) =>
        new(
            hook.Url,
            $"{hook.State}, {hook.Waiting.ToString(CultureInfo.InvariantCulture)} waiting, of @{hook.Maker.Handle}",
            new Msg.Opening(
                new Dialog.Choosing(
                    hook.Url,
                    [
                        new(
                            "Last deliveries",
                            "to those that you made yourself",
                            new Msg.Listing("Last deliveries", new Deed.ListDeliveries(hook.Id, zone))
                        ),
                        new(
                            "End it",
                            "asks first",
                            Hub.Revoking(
                                "End this webhook?",
                                "What waits for it is not told any more, and its secret is forgotten.",
                                new Deed.RemoveWebhook(hook.Id)
                            )
                        ),
                    ]
                )
            )
        );

    private Choice Row(WebhookDelivery delivery, TimeZoneInfo zone) =>
        new(
            $"{Words.When(delivery.At, zone, Now)}  {delivery.Event}",
            delivery.Error ?? delivery.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer",
            delivery.StoryId.Length > 0 ? new Msg.StoryChosen(delivery.StoryId, "told of") : new Msg.Close()
        );

    private Outcome.Opened Made(MadeFeed made)
    {
        var address = _client.FeedAddress(made.Key).AbsoluteUri;
        var end = made.ExpiresAt.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        return new(
            new Dialog.Telling(
                "A feed, copied. Its address is shown this once.",
                $"{address}\n\nIt ends with the token that you are signed in with, {end} unless it renews before.",
                address
            )
        );
    }

    private static Outcome.Opened Made(MadeWebhook made) =>
        new(
            new Dialog.Telling(
                "A webhook. Its secret, copied, is shown this once.",
                $"{made.Secret}\n\nIts receiver checks signatures with it, by the Standard Webhooks convention.",
                made.Secret
            )
        );
}
