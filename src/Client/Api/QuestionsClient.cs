using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The question of the day.</summary>
public sealed class QuestionsClient
{
    private readonly ApiConnection _api;

    internal QuestionsClient(ApiConnection api) => _api = api;

    /// <summary>The question that is asked now.</summary>
    /// <exception cref="ApiException"><c>question_not_found</c> when none is.</exception>
    public Task<Question> GetAsync(CancellationToken cancel = default) =>
        _api.GetAsync("/v1/question", ContractsJson.Default.Question, cancel);

    /// <summary>Asks everybody a question for a day, as an admin; while one is asked it is that one, in other words.</summary>
    /// <param name="text">1 to <see cref="Limits.QuestionCharacters"/> characters.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>, <c>invalid_request</c>.</exception>
    public Task<Question> PutAsync(string text, CancellationToken cancel = default)
    {
        var key = ApiClient.NewIdempotencyKey();
        return _api.ReadAsync(
            _ =>
                ApiConnection.WithKey(
                    new(HttpMethod.Put, "/v1/question")
                    {
                        Content = JsonContent.Create(new NewQuestion { Text = text }, ContractsJson.Default.NewQuestion),
                    },
                    key
                ),
            ContractsJson.Default.Question,
            RetryRule.AnyFault,
            cancel
        );
    }

    /// <summary>The active stories that answer a question and that the caller may see, newest first: all of them.</summary>
    /// <exception cref="ApiException"><c>question_not_found</c>.</exception>
    public async Task<Story[]> ListAnswersAsync(string id, CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync(
                    $"/v1/question/{ApiConnection.Segment(id)}/answers" + QueryText.From([("cursor", cursor)]),
                    ContractsJson.Default.PageStory,
                    cancel
                )
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);
}
