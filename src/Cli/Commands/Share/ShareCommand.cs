using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class ShareCommand
{
    public static Command Make(Runner runner)
    {
        var id = new Argument<string?>("ID")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The story, one of yours.",
            HelpName = "ID",
        };
        var ttl = new Option<string?>("--ttl")
        {
            HelpName = "TIME",
            Description =
                $"How long it holds, at most {Durations.Format(Limits.ShareTtlMaximum)} and never past the story; {Durations.Format(Limits.ShareTtl)} unless told.",
        };
        var qr = new Option<bool>("--qr") { Description = "Draws the address as a QR code too." };
        var command = new StoriesCommand(
            "share",
            "Share a story of yours as a page for a browser. Whoever has the address, which is printed this once, can open it."
        )
        {
            id,
            ttl,
            qr,
            MakeList(runner),
            MakeRemove(runner),
        }.With(
            ["stories share 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories share 01kb3v8sxq7m2c4w9e5r1t0y6z --ttl 7d --qr", "stories share list"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(
                        parsed.GetValue(id) ?? throw CommandException.Usage("share takes the id of a story, or one of list and rm.")
                    );
                    TimeSpan? time =
                        parsed.GetValue(ttl) is not { } told ? null
                        : Durations.TryParse(told, out var asked) ? asked
                        : throw CommandException.Usage(
                            $"--ttl takes a time such as 90s, 5m, 6h or 7d, at most {Durations.Format(Limits.ShareTtlMaximum)}, not \"{told}\"."
                        );
                    var share = await session.Api.Shares.CreateAsync(story, time, cancel).ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, share);
                        return ExitCode.Done;
                    }
                    session.Out.Line(share.Url);
                    if (parsed.GetValue(qr) && !session.Out.IsQuiet)
                    {
                        session.Out.Drawing(QrLines.Draw(share.Url, session.Around.OutIsTerminal && session.Around.HasColour));
                    }
                    session.Out.Note(
                        $"Shown this once. Whoever has it can open the story; {StoryText.Left(share.ExpiresAt, session.Now)} left. \"stories share rm {share.Id}\" takes it back."
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List your shares that hold, and how often each was opened.").With(["stories share list"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var shares = await session.Api.Shares.ListAsync(cancel).ConfigureAwait(false);
                    Listing.Print(
                        session,
                        shares,
                        ["id", "story", "left", "opened"],
                        share => share.Id,
                        share =>
                            [
                                share.Id,
                                share.StoryId,
                                StoryText.Left(share.ExpiresAt, session.Now),
                                share.OpenCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
                            ]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeRemove(Runner runner)
    {
        var id = Ids.Argument("The share's id, as \"stories share list\" shows it.");
        var command = new StoriesCommand("rm", "Take a share back: its address opens nothing from then on.") { id }.With(
            ["stories share rm 01kb3v8sxq7m2c4w9e5r1t0y6z"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var ended = Ids.Check(parsed.GetRequiredValue(id));
                    await session.Api.Shares.RevokeAsync(ended, cancel).ConfigureAwait(false);
                    Listing.PrintId(session, ended);
                    session.Out.Note("The share has ended.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
