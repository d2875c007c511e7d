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
            Description = "One of your stories.",
            HelpName = "ID",
        };
        var ttl = new Option<string?>("--ttl")
        {
            HelpName = "TIME",
            Description =
                $"Lifetime of the share, at most {Durations.Format(Limits.ShareTtlMaximum)} and no longer than the story (default: {Durations.Format(Limits.ShareTtl)}).",
        };
        var qr = new Option<bool>("--qr") { Description = "Also draw the address as a QR code." };
        var command = new StoriesCommand(
            "share",
            "Share one of your stories as a web page. Anyone with the address can open it. The address is shown only once."
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
                        parsed.GetValue(id) ?? throw CommandException.Usage("share takes the id of a story, or list or rm.")
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
                        session.Out.Drawing(QrLines.Draw(share.Url, session.Context.OutIsTerminal && session.Context.HasColour));
                    }
                    session.Out.Note(
                        $"Shown only once. Anyone with this address can open the story. Valid for {StoryText.Left(share.ExpiresAt, session.Now)}; \"stories share rm {share.Id}\" ends it."
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List your active shares and how often each was opened.").With(["stories share list"]);
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

    private static StoriesCommand MakeRemove(Runner runner) =>
        EndByIdCommand.Make(
            runner,
            "rm",
            "End a share. Its address stops working at once.",
            Ids.Argument("The share's id, as \"stories share list\" shows it."),
            "stories share rm 01kb3v8sxq7m2c4w9e5r1t0y6z",
            (session, id, cancel) => session.Api.Shares.RevokeAsync(id, cancel),
            done: "The share is deleted."
        );
}
