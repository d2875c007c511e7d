using System.Collections.Immutable;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>What is left of a story that is gone: the receipt for its bytes, and its thread for as long as that is kept.</summary>
internal static class DeletedStory
{
    public static Choice Choice { get; } =
        new(
            "Stories that are gone",
            "the word that the bytes are gone, and the thread for as long as it is kept",
            new DialogMsg.Open(new IdPrompt())
        );

    /// <exception cref="ApiException">There is neither, for this account.</exception>
    public static async Task<CommandResult> FindAsync(CommandContext context, string storyId, CancellationToken stop)
    {
        var client = context.Client;
        var receipt = await TryAsync(() => client.Stories.GetReceiptAsync(storyId, stop)).ConfigureAwait(false);
        var replies = await TryAsync(() => client.Conversation.ListRepliesAsync(storyId, stop)).ConfigureAwait(false);
        if (receipt.Refusal is { } refusal && replies.Found is not { Length: > 0 })
        {
            throw refusal;
        }
        return new ListLoaded(
            [
                .. receipt.Found is { } found ? (ImmutableArray<Choice>)[Row(found)] : [],
                .. (replies.Found ?? []).Select(reply => Row(reply, context.Zone, context.Now)),
            ],
            "What is left of it"
        );
    }

    public sealed record IdPrompt() : PromptDialog("What is left of a story that is gone", "its id, 26 characters", TextEdit.Empty)
    {
        protected override Command? Read(Model model, string answer) => Names.Id.IsMatch(answer) ? new Find(answer) : null;
    }

    public sealed record Find(string StoryId) : Command
    {
        public override Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) => FindAsync(context, StoryId, stop);
    }

    private static Choice Row(Receipt receipt)
    {
        var at = receipt.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new(
            "receipt",
            $"{receipt.Reason}, and nothing of it is left on the server's disk",
            new DialogMsg.Open(
                new MessageDialog(
                    "Nothing of it is left on the server's disk.",
                    $"{receipt.Id}\n{receipt.Reason} at {at} UTC\nSHA-256 {receipt.Sha256}",
                    receipt.Id
                )
            )
        );
    }

    private static Choice Row(Reply reply, TimeZoneInfo zone, DateTimeOffset now)
    {
        var who = $"@{reply.Author.Handle} {Format.When(reply.CreatedAt, zone, now)}";
        return new(who, reply.Text, new DialogMsg.Open(new MessageDialog(who, reply.Text)));
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
