using System.CommandLine;

namespace StoriesCli.Cli.Commands;

internal static class ReceiptCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story, which has expired or was deleted.");
        var command = new StoriesCommand("receipt", "Show the server's word that a story's bytes are gone, with their SHA-256.") { id }.With(
        [
            "stories receipt 01kb3v8sxq7m2c4w9e5r1t0y6z",
            "stories receipt 01kb3v8sxq7m2c4w9e5r1t0y6z --json | jq -r .sha256",
        ], ExitCode.NotFound);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var receipt = await session.Api.GetReceiptAsync(Ids.Check(parsed.GetRequiredValue(id)), cancel).ConfigureAwait(false);
            Listing.PrintOne(session, receipt, ["id", "reason", "at", "sha256"], it => it.Id, it => [it.Id, it.Reason, StoryText.Time(it.At), it.Sha256]);
            return ExitCode.Done;
        }));
        return command;
    }
}
