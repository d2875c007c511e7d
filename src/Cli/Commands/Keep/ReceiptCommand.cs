using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Keep;

internal static class ReceiptCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("A story that has expired or was deleted.");
        var command = new StoriesCommand("receipt", "Show the receipt for a story's deleted bytes, with their SHA-256.") { id }.With(
            ["stories receipt 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories receipt 01kb3v8sxq7m2c4w9e5r1t0y6z --json | jq -r .sha256"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(parsed.GetRequiredValue(id));
                    try
                    {
                        var receipt = await session.Api.Stories.GetReceiptAsync(story, cancel).ConfigureAwait(false);
                        Listing.PrintOne(
                            session,
                            receipt,
                            ["id", "reason", "at", "sha256"],
                            it => it.Id,
                            it => [it.Id, it.Reason, StoryText.Time(it.At), it.Sha256]
                        );
                        if (Reservation(receipt) is { } reservation)
                        {
                            session.Out.Note(reservation);
                        }
                        return ExitCode.Done;
                    }
                    catch (ApiException e) when (e.Code == Errors.ReceiptNotFound.Code || e.Status == Errors.StoryExpired.Status)
                    {
                        var fault = CliError.Of(e);
                        return session.Out.Fail(
                            fault with
                            {
                                Message = $"{fault.Message}\n{await ExplainAsync(session, story, e, cancel).ConfigureAwait(false)}",
                            }
                        );
                    }
                }
            )
        );
        return command;
    }

    /// <summary>Where the story may still lie, out of the server's reach.</summary>
    private static string? Reservation(Receipt receipt)
    {
        string[] places =
        [
            .. receipt.VersionsKept == true ? ["old versions of its files in the bucket"] : Array.Empty<string>(),
            .. receipt.RowsKept == true ? ["its texts in the files and backups of PostgreSQL"] : Array.Empty<string>(),
        ];
        return places.Length == 0 ? null : $"The server cannot erase {string.Join(", nor ", places)}.";
    }

    private static async Task<string> ExplainAsync(Session session, string id, ApiException refused, CancellationToken cancel) =>
        refused.Code == Errors.ReceiptNotFound.Code
            ? "A receipt confirms that the bytes are deleted. Try again once the story has expired or been deleted."
        : await IsArchivedAsync(session, id, cancel).ConfigureAwait(false)
            ? $"There is no receipt yet: your archive keeps the story for {Limits.ArchiveLife.TotalDays:0} days after its expiry. \"stories archive --delete {id}\" deletes it sooner."
        // Do not reveal whether its author has archived it.
        : $"There is no receipt while the story's bytes exist. The server deletes them within 60 seconds of the story's end, or when it leaves its author's archive. It keeps a receipt for {Limits.ReceiptLife.TotalDays:0} days.";

    private static async Task<bool> IsArchivedAsync(Session session, string id, CancellationToken cancel)
    {
        try
        {
            var media = await session.Api.Archive.OpenMediaAsync(id, cancel: cancel).ConfigureAwait(false);
            await media.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (ApiException)
        {
            return false;
        }
    }
}
