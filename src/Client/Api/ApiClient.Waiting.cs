using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    private static readonly TimeSpan UnwellPause = TimeSpan.FromSeconds(2);

    /// <summary>Waits until a story has what the gate asks for, or cannot get it any more. Asks for the story once the stream of events is open, and then only when something happened to it.</summary>
    /// <remarks>Outlasts a server that restarts, however few tries a call has.</remarks>
    /// <param name="id">The story.</param>
    /// <param name="gate">What it shall have.</param>
    /// <param name="told">Told how it stands, each time that is asked for.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>The story as it was then, and <see cref="GateState.Passed"/> or <see cref="GateState.Closed"/>.</returns>
    /// <exception cref="ApiException"><c>story_not_found</c> or <c>story_gone</c>, also once it ends meanwhile; <c>not_signed_in</c>, also once the token was revoked.</exception>
    /// <exception cref="ServerUnreachableException">There was no server to begin with.</exception>
    /// <exception cref="PollException">It has no poll, or its poll no such option.</exception>
    public async Task<(Story Story, GateState State)> WaitAsync(
        string id,
        Gate gate,
        Action<Story>? told = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(gate);
        await foreach (var happened in ListenAsync(cancel: cancel).ConfigureAwait(false))
        {
            if (happened is null || happened.Type == EventTypes.Reset || happened.StoryId == id)
            {
                var story = await GetStoryPatientlyAsync(id, cancel).ConfigureAwait(false);
                told?.Invoke(story);
                if (gate.Look(story) is not GateState.Waiting and var state)
                {
                    return (story, state);
                }
            }
        }
        throw new InvalidOperationException("A stream of events ends by a fault or not at all.");
    }

    private async Task<Story> GetStoryPatientlyAsync(string id, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await GetStoryAsync(id, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ServerUnreachableException or ApiException { Status: 429 or 502 or 503 or 504 })
            {
                await Task.Delay(UnwellPause, _options.Clock, cancel).ConfigureAwait(false);
            }
        }
    }
}
