using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The question of the day.</summary>
public sealed class QuestionsClient
{
    private readonly ApiConnection _api;

    internal QuestionsClient(ApiConnection api) => _api = api;

    /// <summary>Gets the current question.</summary>
    /// <exception cref="ApiException"><c>question_not_found</c> when there is none.</exception>
    public Task<Question> GetAsync(CancellationToken cancel = default) =>
        _api.GetAsync("/v1/question", ContractsJson.Default.Question, cancel);

    /// <summary>Asks everybody a question for a day, as an admin. While a question is open, this rewords it.</summary>
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

    /// <summary>Lists all visible, active stories that answer a question, newest first.</summary>
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
