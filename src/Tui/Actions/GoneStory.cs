using System.Collections.Immutable;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>What is left of a story that is gone: the receipt for its bytes, and its thread for as long as that is kept.</summary>
internal sealed class GoneStory(TuiOptions options)
{
    private readonly ApiClient _client = options.Client;

    /// <exception cref="ApiException">There is neither, for this account.</exception>
    public async Task<Outcome> FindAsync(string storyId, TimeZoneInfo zone, CancellationToken stop)
    {
        var receipt = await TryAsync(() => _client.GetReceiptAsync(storyId, stop)).ConfigureAwait(false);
        var replies = await TryAsync(() => _client.ListRepliesAsync(storyId, stop)).ConfigureAwait(false);
        if (receipt.Refusal is { } refusal && replies.Found is not { Length: > 0 })
        {
            throw refusal;
        }
        var now = options.Clock.GetUtcNow() + _client.ClockOffset;
        return new Outcome.Listed(
            [
                .. receipt.Found is { } found ? (ImmutableArray<Choice>)[Row(found)] : [],
                .. (replies.Found ?? []).Select(reply => Row(reply, zone, now)),
            ],
            "What is left of it"
        );
    }

    private static Choice Row(Receipt receipt)
    {
        var at = receipt.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new(
            "receipt",
            $"{receipt.Reason}, and nothing of it is left on the server's disk",
            new Msg.Opening(
                new Dialog.Telling(
                    "Nothing of it is left on the server's disk.",
                    $"{receipt.Id}\n{receipt.Reason} at {at} UTC\nSHA-256 {receipt.Sha256}",
                    receipt.Id
                )
            )
        );
    }

    private static Choice Row(Reply reply, TimeZoneInfo zone, DateTimeOffset now)
    {
        var who = $"@{reply.Author.Handle} {Words.When(reply.CreatedAt, zone, now)}";
        return new(who, reply.Text, new Msg.Opening(new Dialog.Telling(who, reply.Text)));
    }

    private static async Task<(T? Found, ApiException? Refusal)> TryAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return (await ask().ConfigureAwait(false), null);
        }
        catch (ApiException e) when (e.Status is 404 or 410)
        {
            return (null, e);
        }
    }
}
