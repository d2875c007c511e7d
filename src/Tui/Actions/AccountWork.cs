using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Deeds that ask the server more than once, or need its clock.</summary>
internal sealed class AccountWork(TuiOptions options)
{
    private const int ArchivedMaximum = 500;

    private readonly ApiClient _client = options.Client;

    public async Task<Outcome> MuteAsync(Deed.Mute mute, CancellationToken stop)
    {
        DateTimeOffset? until = mute.For is { } time ? options.Clock.GetUtcNow() + _client.ClockOffset + time : null;
        await (
            (mute.Target, mute.On) switch
            {
                ({ Handle: { } handle }, true) => _client.MutePersonAsync(handle, until, stop),
                ({ Handle: { } handle }, false) => _client.UnmutePersonAsync(handle, stop),
                ({ Tag: { } tag }, true) => _client.MuteTagAsync(tag, until, stop),
                ({ Tag: { } tag }, false) => _client.UnmuteTagAsync(tag, stop),
                (_, true) => _client.MuteAllAsync(until, stop),
                _ => _client.UnmuteAllAsync(stop),
            }
        ).ConfigureAwait(false);
        return new Outcome.Muted(
            !mute.On ? $"Muted no longer: {mute.Target.Name}."
                : mute.For is { } span ? $"Muted for {Durations.Format(span)}: {mute.Target.Name}."
                : $"Muted: {mute.Target.Name}.",
            until
        );
    }

    public async Task<Outcome> ListViewersAsync(Deed.ListViewers list, CancellationToken stop)
    {
        var viewers = await _client.ListAllViewersAsync(list.StoryId, stop).ConfigureAwait(false);
        var acks = await _client.ListAcksAsync(list.StoryId, stop).ConfigureAwait(false);
        return Lists.Viewers(viewers, acks, list.Zone, options.Clock.GetUtcNow() + _client.ClockOffset);
    }

    public async Task<Outcome> SearchArchiveAsync(string words, CancellationToken stop)
    {
        var found = await _client
            .ListArchiveAsync(words.Length == 0 ? null : words, stop)
            .Take(ArchivedMaximum)
            .ToArrayAsync(stop)
            .ConfigureAwait(false);
        return new Outcome.Found(words.Length == 0 ? "archive" : $"archive / {words}", [.. found], IsArchive: true);
    }

    public async Task<Outcome> LoadQuestionAsync(CancellationToken stop)
    {
        var mayAsk =
            await _client.GetMeAsync(stop).ConfigureAwait(false) is { Role: Roles.Owner or Roles.Admin } me
            && me.Scopes.Contains(Scopes.Admin);
        try
        {
            var question = await _client.GetQuestionAsync(stop).ConfigureAwait(false);
            return new Outcome.Asked(question, [.. await _client.ListAnswersAsync(question.Id, stop).ConfigureAwait(false)], mayAsk);
        }
        catch (ApiException e) when (e.Code == Errors.QuestionNotFound.Code)
        {
            return new Outcome.Asked(null, [], mayAsk);
        }
    }
}
