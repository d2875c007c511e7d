using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Questions;

/// <summary>The question of the day, and the stories that answer it.</summary>
internal static class QuestionEndpoints
{
    public static void AddQuestions(this IServiceCollection services) =>
        services
            .AddStore<QuestionStore>()
            .AddSingleton<AskedQuestion>(provider =>
            {
                var questions = provider.GetRequiredService<QuestionStore>();
                return () => questions.FindAsked()?.Id;
            });

    public static void MapQuestions(this IEndpointRouteBuilder app)
    {
        var question = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        question
            .MapGet("/question", GetAsync)
            .Describe(
                new(Tags.Conversation, "getQuestion", "Shows the current question")
                {
                    Details = "A question stands for 24 hours.",
                    Answers = [ResponseDocs.Of<Question>("The question.")],
                    Refusals = [Errors.QuestionNotFound],
                }
            );
        app.MapPut("/v1/question", PutAsync)
            .RequireAuthorization(Policies.Admin)
            .Describe(
                new(Tags.Conversation, "putQuestion", "Asks everybody a question for a day")
                {
                    Details =
                        "If there is a question now, this changes its words. Its id, its answers and its end stay; its asker becomes the person who wrote the new words. The audit trail shows who changed them.",
                    Body = typeof(NewQuestion),
                    Repeatable = true,
                    Answers = [ResponseDocs.Of<Question>("The question.")],
                }
            );
        question
            .MapGet("/question/{id}/answers", ListAnswersAsync)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Conversation, "listAnswers", "Lists active stories that answer a question and that you may see, newest first")
                {
                    Details = "This works after the question has ended too.",
                    Answers = [ResponseDocs.Of<Page<Story>>("Stories.")],
                    Refusals = [Errors.QuestionNotFound],
                }
            );
    }

    private static Task<JsonHttpResult<Question>> GetAsync(
        ViewerContext viewer,
        QuestionStore questions,
        StoryLists lists,
        AccountStore accounts,
        CancellationToken cancel
    ) =>
        ShowAsync(
            questions.FindAsked() ?? throw new ApiProblem(Errors.QuestionNotFound, "no question is asked now"),
            viewer,
            lists,
            accounts,
            cancel
        );

    private static async Task<JsonHttpResult<Question>> PutAsync(
        HttpContext context,
        CurrentAccount caller,
        ViewerContext viewer,
        QuestionStore questions,
        StoryLists lists,
        AccountStore accounts,
        IdempotencyStore idempotency
    )
    {
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewQuestion).ConfigureAwait(false);
        var text = CheckText(request.Text);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewQuestion);
        var row = await idempotency
            .OnceAsync(
                repetition,
                () => questions.PutAsync(caller, text, repetition, context.RequestAborted),
                id => questions.Find(id)!,
                context.RequestAborted
            )
            .ConfigureAwait(false);
        return await ShowAsync(row, viewer, lists, accounts, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<JsonHttpResult<Page<Story>>> ListAnswersAsync(
        ViewerContext viewer,
        string id,
        QuestionStore questions,
        StoryLists lists,
        StoryView view,
        PageQuery paging,
        CancellationToken cancel
    )
    {
        if (questions.Find(id) is null)
        {
            throw new ApiProblem(Errors.QuestionNotFound, $"there is no question {Excerpt.Of(id)}");
        }
        var answers = await lists.AnsweringAsync(viewer, id, cancel).ConfigureAwait(false);
        var page = paging.Cut(answers);
        return TypedResults.Json(
            new Page<Story> { Items = [.. page.Items.Select(entry => view.Of(entry, viewer))], NextCursor = page.NextCursor },
            ContractsJson.Default.PageStory
        );
    }

    private static async Task<JsonHttpResult<Question>> ShowAsync(
        QuestionRow row,
        ViewerContext viewer,
        StoryLists lists,
        AccountStore accounts,
        CancellationToken cancel
    )
    {
        var answers = await lists.AnsweringAsync(viewer, row.Id, cancel).ConfigureAwait(false);
        var question = new Question
        {
            Id = row.Id,
            Text = row.Text,
            Asker = accounts.GetPerson(row.Asker),
            AskedAt = row.At,
            EndsAt = row.At + Limits.QuestionLife,
            AnswerCount = answers.Count,
        };
        return TypedResults.Json(question, ContractsJson.Default.Question);
    }

    private static string CheckText(string? asked)
    {
        var text = CleanText.OneLine(asked ?? "").Trim();
        var length = text.EnumerateRunes().Count();
        return ValidationErrors.FaultOfBlank(text) is { } fault ? throw ApiProblem.Invalid("text", fault)
            : length <= Limits.QuestionCharacters ? text
            : throw ApiProblem.Invalid("text", $"must have at most {Limits.QuestionCharacters} characters, has {length}");
    }
}
