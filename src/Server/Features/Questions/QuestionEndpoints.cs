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
                provider.GetRequiredService<QuestionStore>() is var questions ? () => questions.FindAsked()?.Id : null!
            );

    public static void MapQuestions(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/question", GetAsync)
            .Describe(
                new(Tags.Conversation, "getQuestion", "Shows the current question")
                {
                    Details = "A question stands for 24 hours.",
                    Answers = [ResponseDocs.Of<Question>("The question.")],
                    Refusals = [Errors.QuestionNotFound],
                }
            );
        app.MapPut("/v1/question", PutAsync)
            .WithMetadata(Access.Admin)
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
        app.MapGet("/v1/question/{id}/answers", ListAnswersAsync)
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
        HttpContext context,
        QuestionStore questions,
        StoryLists lists,
        AccountStore accounts
    ) =>
        ShowAsync(
            questions.FindAsked() ?? throw new ApiProblem(Errors.QuestionNotFound, "no question is asked now"),
            context,
            lists,
            accounts
        );

    private static async Task<JsonHttpResult<Question>> PutAsync(
        HttpContext context,
        QuestionStore questions,
        StoryLists lists,
        AccountStore accounts,
        IdempotencyStore idempotency
    )
    {
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewQuestion).ConfigureAwait(false);
        var text = CheckText(request.Text);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewQuestion);
        QuestionRow? row = null;
        await idempotency
            .OnceAsync(
                repetition,
                async () =>
                {
                    row = await questions.PutAsync(context.Account(), text, repetition, context.RequestAborted).ConfigureAwait(false);
                    return TypedResults.Empty;
                },
                id =>
                {
                    row = questions.Find(id);
                    return TypedResults.Empty;
                },
                context.RequestAborted
            )
            .ConfigureAwait(false);
        return await ShowAsync(row!, context, lists, accounts).ConfigureAwait(false);
    }

    private static async Task<JsonHttpResult<Page<Story>>> ListAnswersAsync(
        HttpContext context,
        string id,
        QuestionStore questions,
        StoryLists lists,
        StoryView view
    )
    {
        if (questions.Find(id) is null)
        {
            throw new ApiProblem(Errors.QuestionNotFound, $"there is no question {Excerpt.Of(id)}");
        }
        var viewer = context.Account().Number;
        var answers = await lists.AnsweringAsync(viewer, id, context.RequestAborted).ConfigureAwait(false);
        var page = Paging.Cut(context.Request, answers);
        return TypedResults.Json(
            new Page<Story> { Items = [.. page.Items.Select(entry => view.Of(entry, viewer))], NextCursor = page.NextCursor },
            ContractsJson.Default.PageStory
        );
    }

    private static async Task<JsonHttpResult<Question>> ShowAsync(
        QuestionRow row,
        HttpContext context,
        StoryLists lists,
        AccountStore accounts
    )
    {
        var answers = await lists.AnsweringAsync(context.Account().Number, row.Id, context.RequestAborted).ConfigureAwait(false);
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
