using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Live terminals: recordings that others watch while they grow.</summary>
public sealed class LiveClient
{
    private const string EventStreamType = "text/event-stream";
    private const string OffsetHeader = "Offset";
    private const string LinesType = "application/x-ndjson";

    // The server sends a comment every 15 seconds. A stream that is silent for longer is broken.
    private static readonly TimeSpan SilenceMaximum = TimeSpan.FromSeconds(40);

    private readonly ApiConnection _api;

    internal LiveClient(ApiConnection api) => _api = api;

    /// <summary>Begins a live terminal.</summary>
    /// <param name="live">The fields of the story, and the size of the terminal.</param>
    /// <param name="idempotencyKey">1–128 visible ASCII characters, the same for every try.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>live_limit</c>, <c>quota_reached</c>, <c>no_room</c>, <c>invalid_request</c>; <c>route_not_found</c> from an older server.</exception>
    public Task<Story> BeginAsync(NewLive live, string idempotencyKey, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                ApiConnection.WithKey(
                    new(HttpMethod.Post, "/v1/live") { Content = JsonContent.Create(live, ContractsJson.Default.NewLive) },
                    idempotencyKey
                ),
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Adds output. Returns when it is on the server's disk.</summary>
    /// <param name="id">The story.</param>
    /// <param name="offset">Number of bytes sent before.</param>
    /// <param name="lines">Events of asciicast v3, a line each, at most <see cref="Limits.LiveOutputBytes"/> bytes; empty as a sign of life.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>Number of bytes that the server has.</returns>
    /// <exception cref="ApiException"><c>live_offset</c> with <see cref="ApiException.Offset"/>; <c>live_ended</c>, <c>too_large</c>, <c>quota_reached</c>,
    /// <c>no_room</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>not_author</c>.</exception>
    public async Task<long> AppendAsync(string id, long offset, ReadOnlyMemory<byte> lines, CancellationToken cancel = default)
    {
        using var answer = await _api.SendAsync(Request, HttpCompletionOption.ResponseContentRead, RetryRule.AnyFault, cancel)
            .ConfigureAwait(false);
        return ReadOffset(answer.Headers) ?? offset + lines.Length;

        HttpRequestMessage Request(IdleGuard guard)
        {
            var body = new ReadOnlyMemoryContent(lines) { Headers = { ContentType = new(LinesType) } };
            var message = new HttpRequestMessage(HttpMethod.Post, $"/v1/live/{ApiConnection.Segment(id)}/output") { Content = body };
            message.Headers.Add(OffsetHeader, offset.ToString(CultureInfo.InvariantCulture));
            return message;
        }
    }

    /// <summary>Ends a live terminal, which becomes a recording.</summary>
    /// <exception cref="ApiException"><c>live_ended</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>not_author</c>.</exception>
    public Task<Story> EndAsync(string id, int exitCode, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                new(HttpMethod.Post, $"/v1/live/{ApiConnection.Segment(id)}/end")
                {
                    Content = JsonContent.Create(new LiveEnd { ExitCode = exitCode }, ContractsJson.Default.LiveEnd),
                },
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Follows a live terminal over one connection. After <see cref="LiveEventTypes.End"/> nothing follows; a stream without it broke off.</summary>
    /// <exception cref="ApiException"><c>live_ended</c>, <c>live_limit</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public async IAsyncEnumerable<LiveEvent> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var answer = await _api.SendAsync(
                _ =>
                    new(HttpMethod.Get, $"/v1/stories/{ApiConnection.Segment(id)}/live")
                    {
                        Headers = { Accept = { new(EventStreamType) } },
                    },
                HttpCompletionOption.ResponseHeadersRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (type != EventStreamType)
        {
            throw _api.NotOurs(type, new InvalidDataException("not an event stream"));
        }
        using var guard = new IdleGuard(_api.Options with { IdleTimeout = SilenceMaximum }, cancel);
        var stream = new GuardedStream(await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), guard);
        await using var events = SseParser
            .Create(stream, (_, data) => JsonSerializer.Deserialize(data, ContractsJson.Default.LiveEvent))
            .EnumerateAsync(guard.Token)
            .GetAsyncEnumerator(guard.Token);
        while (await NextAsync().ConfigureAwait(false) is { } happened)
        {
            yield return happened;
        }

        async Task<LiveEvent?> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync().ConfigureAwait(false) ? events.Current.Data : null;
            }
            catch (Exception e)
                when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                return null;
            }
            catch (JsonException e)
            {
                throw _api.NotOurs(EventStreamType, e);
            }
        }
    }

    internal static long? ReadOffset(HttpResponseHeaders headers) =>
        headers.TryGetValues(OffsetHeader, out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : null;
}
