using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Reports;

/// <summary>Reports stories to the admins, who can see a reported story until it ends.</summary>
internal static class ReportEndpoints
{
    public static void AddReports(this IServiceCollection services) =>
        services
            .AddStore<ReportStore>()
            .AddSingleton(provider =>
            {
                var reports = provider.GetRequiredService<ReportStore>();
                return new ReportedStories(reports.Has, reports.HasPending);
            });

    public static void MapReports(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/stories/{id}/report", ReportAsync)
            .RequireAuthorization(Policies.Read)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "postReport", "Reports a story to the admins; replaces your earlier report")
                {
                    Details = "While the story lives, admins see it and may delete it. Its author does not learn who reported it.",
                    Body = typeof(NewReport),
                    Repeatable = true,
                    Answers = [ResponseDocs.Done],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        app.MapGet("/v1/admin/reports", List)
            .RequireAuthorization(Policies.Admin)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Administration, "listReports", "Lists reports of active stories, newest first")
                {
                    Details = "It leaves out reports of your own stories: other admins see those.",
                    Answers = [ResponseDocs.Of<Page<Report>>("Reports, each with its story.")],
                }
            );
    }

    private static async Task<NoContent> ReportAsync(
        HttpContext context,
        CurrentAccount caller,
        string id,
        StoryStore stories,
        ReportStore reports,
        AccountStore accounts,
        IdempotencyStore idempotency,
        Database database,
        TimeProvider time
    )
    {
        // A caller who may not see the story learns nothing from the faults of the request. A repeated request gets its answer even after the story has ended.
        if (IdempotencyKey.Of(context) is not { } key || idempotency.Find(key) is null)
        {
            stories.GetVisible(caller.Number, id);
        }
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewReport).ConfigureAwait(false);
        var reason = CheckReason(request.Reason);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewReport);
        return await idempotency
            .OnceAsync(
                repetition,
                async () =>
                {
                    await database
                        .CommitAsync(
                            batch =>
                            {
                                accounts.VerifyActive(caller.Number);
                                stories.GetPending(caller.Number, id);
                                batch.Put(ReportRow.Collection, new(id, caller.Number, reason, time.GetWholeMilliseconds()));
                                idempotency.Remember(batch, repetition, StatusCodes.Status204NoContent, id);
                                return true;
                            },
                            context.RequestAborted
                        )
                        .ConfigureAwait(false);
                    return TypedResults.NoContent();
                },
                _ => TypedResults.NoContent(),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static JsonHttpResult<Page<Report>> List(
        CurrentAccount caller,
        ViewerContext viewer,
        StoryStore stories,
        ReportStore reports,
        StoryView view,
        AccountStore accounts,
        PageQuery paging
    )
    {
        var shown = reports
            .All()
            .Select(row => (Row: row, Story: stories.FindReported(caller, row.Story)))
            // No author learns who reported them, not even an admin: the other admins handle that report.
            .Where(report => report.Story is { } story && story.Author != caller.Number)
            .Select(report => new Report
            {
                Story = view.Of(report.Story!, viewer),
                Reporter = accounts.GetPerson(report.Row.Reporter),
                Reason = report.Row.Reason,
                At = report.Row.At,
            });
        return TypedResults.Json(paging.Cut(shown.ToList()), ContractsJson.Default.PageReport);
    }

    private static string CheckReason(string? asked)
    {
        var reason = CleanText.Lines(asked ?? "").Trim();
        var length = reason.EnumerateRunes().Count();
        return ValidationErrors.FaultOfBlank(reason) is { } fault ? throw ApiProblem.Invalid("reason", fault)
            : length <= Limits.ReasonCharacters ? reason
            : throw ApiProblem.Invalid("reason", $"must have at most {Limits.ReasonCharacters} characters, has {length}");
    }
}
