using System.Collections.Immutable;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>Addresses that the server tells what happens, for admins.</summary>
internal static class Webhooks
{
    public static Choice Choice { get; } =
        new("Webhooks", "who is told what happens, and how that went; make, end", new DialogMsg.LoadList("Webhooks", new Load()));

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var hooks = await context.Client.Webhooks.ListAsync(stop).ConfigureAwait(false);
            return new ListLoaded(
                [.. hooks.Select(Row), new("New webhook", "its secret is shown once", new DialogMsg.Open(new Form()))],
                "Webhooks"
            );
        }

        private static Choice Row(Webhook hook) =>
            new(
                hook.Url,
                $"{hook.State}, {hook.Waiting.ToString(CultureInfo.InvariantCulture)} waiting, of @{hook.Maker.Handle}",
                new DialogMsg.Open(
                    new ListDialog(
                        hook.Url,
                        [
                            new(
                                "Last deliveries",
                                "to those that you made yourself",
                                new DialogMsg.LoadList("Last deliveries", new LoadDeliveries(hook.Id))
                            ),
                            new(
                                "End it",
                                "asks first",
                                new DialogMsg.Open(
                                    new ConfirmDialog(
                                        "End this webhook?",
                                        "Waiting events are dropped, and its secret is deleted.",
                                        new Remove(hook.Id)
                                    )
                                    {
                                        IsDestructive = true,
                                    }
                                )
                            ),
                        ]
                    )
                )
            );
    }

    public sealed record LoadDeliveries(string WebhookId) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var deliveries = await context.Client.Webhooks.ListDeliveriesAsync(WebhookId, stop).ConfigureAwait(false);
            return new ListLoaded(
                [
                    .. deliveries.Select(delivery => new Choice(
                        $"{Format.When(delivery.At, context.Zone, context.Now)}  {delivery.Event}",
                        delivery.Error ?? delivery.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer",
                        delivery.StoryId.Length > 0 ? new DialogMsg.Run(new OpenStory(delivery.StoryId, "told of")) : CloseOpen.Msg
                    )),
                ],
                "Last deliveries"
            );
        }
    }

    private sealed record Form()
        : FormDialog(
            "New webhook",
            "Make",
            [
                new("address", "Address", "http or https", TextEdit.Empty),
                new("events", "Events", $"default: all of {string.Join(' ', EventTypes.All)}", TextEdit.Empty),
            ]
        )
    {
        protected override Model Submit(Model model) =>
            this["address"].Length == 0
                ? Refuse(model, "An address is required.")
                : Await(model, new Make(this["address"], [.. PostForm.Words(this["events"]) ?? []]));
    }

    /// <param name="Address">Where the server sends them.</param>
    /// <param name="Events">Which; none: all.</param>
    public sealed record Make(string Address, ImmutableArray<string> Events) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var made = await context
                .Client.Webhooks.CreateAsync(new() { Url = Address, Events = Events.IsEmpty ? null : [.. Events] }, stop)
                .ConfigureAwait(false);
            return new DialogOpened(
                new MessageDialog(
                    "A webhook. Its secret, copied, is shown this once.",
                    $"{made.Secret}\n\nIts receiver checks signatures with it, by the Standard Webhooks convention.",
                    made.Secret
                )
            );
        }
    }

    public sealed record Remove(string WebhookId) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Webhooks.DeleteAsync(WebhookId, stop).ConfigureAwait(false);
            return new Notice("Ended: it gets no more events.");
        }
    }
}
