using System.CommandLine;
using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Host;

internal static class WebhookCommand
{
    public static Command Make(Runner runner) =>
        new StoriesCommand(
            "webhook",
            "Manage webhooks, as an admin. A webhook is a URL that the server calls on events, signed by Standard Webhooks."
        )
        {
            MakeCreate(runner),
            MakeList(runner),
            MakeRemove(runner),
            MakeDeliveries(runner),
        }.Showing("stories webhook create https://hooks.example/stories --event story.posted > secret", "stories webhook list");

    private static StoriesCommand MakeCreate(Runner runner)
    {
        var url = new Argument<string>("URL") { Description = "The http(s) URL to call." };
        var events = new Option<string[]>("--event")
        {
            HelpName = "EVENT",
            Description = $"Events to send: {string.Join(", ", EventTypes.All)}. Repeat for more (default: all).",
        };
        var command = new StoriesCommand(
            "create",
            "Create a webhook for the events that you may see. Its secret is shown only once. --quiet prints only the secret."
        )
        {
            url,
            events,
        }.With(
            [
                "stories webhook create https://hooks.example/stories > secret",
                "stories webhook create https://hooks.example/stories --event story.posted --event reply > secret",
            ],
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = parsed.GetValue(events);
                    var made = await session
                        .Api.Webhooks.CreateAsync(
                            new() { Url = parsed.GetRequiredValue(url), Events = wanted is { Length: > 0 } ? wanted : null },
                            cancel
                        )
                        .ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, made);
                    }
                    else
                    {
                        session.Out.Line(made.Secret);
                        session.Out.Note($"Shown only once. The receiver checks signatures with it. The webhook's id is {made.Id}.");
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List all webhooks, without their secrets.").With(["stories webhook list"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var webhooks = await session.Api.Webhooks.ListAsync(cancel).ConfigureAwait(false);
                    Listing.Print(
                        session,
                        webhooks,
                        ["id", "state", "waiting", "by", "events", "url"],
                        webhook => webhook.Id,
                        webhook =>
                            [
                                webhook.Id,
                                webhook.State,
                                Number(webhook.Waiting),
                                webhook.Maker.Handle,
                                webhook.Events.Length == EventTypes.All.Count ? "all" : string.Join(',', webhook.Events),
                                webhook.Url,
                            ]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeRemove(Runner runner) =>
        EndByIdCommand.Make(
            runner,
            "rm",
            "Delete a webhook, with the deliveries that wait for it.",
            Ids.Argument("The webhook, as \"stories webhook list\" shows it."),
            "stories webhook rm 01kb3v8sxq7m2c4w9e5r1t0y6z",
            (session, id, cancel) => session.Api.Webhooks.DeleteAsync(id, cancel),
            done: "The webhook is deleted."
        );

    private static StoriesCommand MakeDeliveries(Runner runner)
    {
        var id = Ids.Argument("One of your webhooks, as \"stories webhook list\" shows it.");
        var command = new StoriesCommand("deliveries", "List the latest deliveries to one of your webhooks, newest first.") { id }.With(
            ["stories webhook deliveries 01kb3v8sxq7m2c4w9e5r1t0y6z"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var attempts = await session
                        .Api.Webhooks.ListDeliveriesAsync(Ids.Check(parsed.GetRequiredValue(id)), cancel)
                        .ConfigureAwait(false);
                    Listing.Print(
                        session,
                        attempts,
                        ["id", "event", "ago", "attempt", "took", "again", "outcome"],
                        attempt => attempt.Id,
                        attempt =>
                            [
                                attempt.Id,
                                attempt.Event,
                                StoryText.Age(attempt.At, session.Now),
                                Number(attempt.Attempt),
                                $"{attempt.DurationMs} ms",
                                attempt.NextAt is { } next ? "in " + StoryText.Left(next, session.Now) : "no",
                                attempt is { Status: { } status }
                                    ? attempt.Error is null
                                        ? Number(status)
                                        : $"{Number(status)}: {attempt.Error}"
                                    : attempt.Error ?? "",
                            ]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
