using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Makes, lists and deletes webhooks: addresses that receive events.</summary>
internal static class WebhookEndpoints
{
    private static readonly TimeSpan LookUpPatience = TimeSpan.FromSeconds(5);

    public static void AddWebhooks(this IServiceCollection services) =>
        services
            .AddSingleton<WebhookSecrets>()
            .AddStore<WebhookStore>()
            .AddSingleton<AddressRules>()
            .AddSingleton(provider => new WebhookDialer(provider.GetRequiredService<AddressRules>(), Dns.GetHostAddressesAsync))
            .AddSingleton<WebhookSender>()
            .AddHostedService<WebhookDispatcher>();

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapGroup("/v1").RequireAuthorization(Policies.Admin);
        webhooks
            .MapGet("/webhooks", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Events, "listWebhooks", "Lists all webhooks, without their secrets")
                {
                    Details = "For webhooks of other admins it shows only scheme, host and port of the address.",
                    Answers = [ResponseDocs.Of<Page<Webhook>>("Webhooks, oldest first.")],
                }
            );
        webhooks
            .MapPost("/webhooks", MakeAsync)
            .Describe(
                new(Tags.Events, "createWebhook", "Makes a webhook that sends the events of your event stream to an address")
                {
                    Details =
                        "It follows the Standard Webhooks convention: `POST` of a `WebhookMessage`, with `webhook-id`, `webhook-timestamp` and `webhook-signature`. The server refuses private, local and reserved addresses, here and at each delivery (the host can allow them with `--webhook-allow`). "
                        + "A repeated request with the same `Idempotency-Key` answers the same webhook without the secret, which is shown once.",
                    Body = typeof(NewWebhook),
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The webhook; its secret is shown only this once.")
                        {
                            Json = [typeof(MadeWebhook), typeof(Webhook), typeof(RemovedStory)],
                        },
                    ],
                }
            );
        webhooks
            .MapDelete("/webhooks/{id}", DeleteAsync)
            .Describe(
                new(Tags.Events, "deleteWebhook", "Deletes a webhook, also one of another admin")
                {
                    Details = "The server drops the events that wait for it.",
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.WebhookNotFound],
                }
            );
        webhooks
            .MapGet("/webhooks/{id}/deliveries", ListDeliveries)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Events, "listDeliveries", "Lists the last attempts to deliver to one of your webhooks")
                {
                    Details = $"At most {Limits.WebhookDeliveries}, without the content of events and answers.",
                    Answers = [ResponseDocs.Of<Page<WebhookDelivery>>("Attempts, newest first.")],
                    Refusals = [Errors.WebhookNotFound],
                }
            );
    }

    private static JsonHttpResult<Page<Webhook>> List(CurrentAccount caller, WebhookStore webhooks, AccountStore accounts, PageQuery paging)
    {
        var all = webhooks.All.Select(entry => Show(entry, caller, webhooks, accounts)).ToList();
        return TypedResults.Json(paging.Cut(all), ContractsJson.Default.PageWebhook);
    }

    private static async Task<Results<JsonHttpResult<MadeWebhook>, JsonHttpResult<Webhook>, JsonHttpResult<RemovedStory>>> MakeAsync(
        HttpContext context,
        CurrentAccount caller,
        WebhookStore webhooks,
        WebhookDialer dialer,
        AccountStore accounts,
        IdempotencyStore idempotency,
        TimeProvider time
    )
    {
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewWebhook).ConfigureAwait(false);
        var (url, events) = WebhookRules.Check(request);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewWebhook);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<MadeWebhook>, JsonHttpResult<Webhook>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                {
                    await CheckAddressAsync(dialer, url, time, context.RequestAborted).ConfigureAwait(false);
                    var entry = await webhooks.AddAsync(caller, url, events, repetition, context.RequestAborted).ConfigureAwait(false);
                    var shown = Show(entry, caller, webhooks, accounts);
                    var made = new MadeWebhook
                    {
                        Id = shown.Id,
                        Url = shown.Url,
                        Events = shown.Events,
                        Maker = shown.Maker,
                        CreatedAt = shown.CreatedAt,
                        State = shown.State,
                        Secret = WebhookSecrets.Show(entry.Secret!),
                    };
                    return TypedResults.Json(made, ContractsJson.Default.MadeWebhook, statusCode: StatusCodes.Status201Created);
                },
                // The secret was shown once, so a repeated request gets the rest.
                id =>
                    webhooks.Find(id) is { } entry
                        ? TypedResults.Json(
                            Show(entry, caller, webhooks, accounts),
                            ContractsJson.Default.Webhook,
                            statusCode: StatusCodes.Status201Created
                        )
                        : TypedResults.Json(
                            new RemovedStory { Id = id },
                            ContractsJson.Default.RemovedStory,
                            statusCode: StatusCodes.Status201Created
                        ),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static async Task CheckAddressAsync(WebhookDialer dialer, Uri url, TimeProvider time, CancellationToken aborted)
    {
        using var late = new CancellationTokenSource(LookUpPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, aborted);
        try
        {
            await dialer.ResolveAsync(url.IdnHost, either.Token).ConfigureAwait(false);
        }
        catch (AddressRefusedException refused)
        {
            throw ApiProblem.Invalid("url", refused.Message);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            throw ApiProblem.Invalid(
                "url",
                $"the address of {Excerpt.Of(url.IdnHost)} could not be found within {LookUpPatience.TotalSeconds} s"
            );
        }
    }

    private static async Task<NoContent> DeleteAsync(CurrentAccount caller, string id, WebhookStore webhooks, CancellationToken cancel)
    {
        await webhooks.DeleteAsync(caller, id, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<Page<WebhookDelivery>> ListDeliveries(
        CurrentAccount caller,
        string id,
        WebhookStore webhooks,
        PageQuery paging
    )
    {
        // Which stories they were about is only for people who may see those.
        var entry =
            webhooks.Find(id) is { } found && found.Row.Maker == caller.Number
                ? found
                : throw new ApiProblem(Errors.WebhookNotFound, $"you have made no webhook {Excerpt.Of(id)}");
        var attempts = entry
            .Last.Reverse()
            .Select(row => new WebhookDelivery
            {
                Id = row.Delivery,
                Event = row.Type,
                StoryId = row.Story,
                At = row.At,
                Attempt = row.Number,
                Status = row.Status,
                Error = row.Error,
                DurationMs = row.DurationMs,
                NextAt = row.NextAt,
            })
            .ToList();
        return TypedResults.Json(paging.Cut(attempts), ContractsJson.Default.PageWebhookDelivery);
    }

    private static Webhook Show(WebhookEntry entry, CurrentAccount viewer, WebhookStore webhooks, AccountStore accounts) =>
        new()
        {
            Id = entry.Row.Id,
            Url = entry.Row.Maker == viewer.Number ? entry.Row.Url : WebhookRules.Origin(entry.Row.Url),
            Events = entry.Row.Events,
            Maker = accounts.GetPerson(entry.Row.Maker),
            CreatedAt = entry.Row.CreatedAt,
            State = webhooks.StateOf(entry),
            Waiting = entry.Waiting.Count,
            Dropped = entry.Row.Dropped,
        };
}
