using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class LinkCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var ttl = new Option<string>("--ttl")
        {
            HelpName = "TIME",
            Description = "Lifetime of the link, at most 1h and no longer than the story.",
            DefaultValueFactory = _ => Durations.Format(Limits.LinkTtl),
        };
        var qr = new Option<bool>("--qr") { Description = "Also draw the address as a QR code." };
        var part = StoryPart.Option();
        var command = new StoriesCommand(
            "link",
            "Create a signed link to a story's media. Anyone with the link can open it without a token."
        )
        {
            id,
            ttl,
            qr,
            part,
        }.With(
            ["stories link 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories link 01kb3v8sxq7m2c4w9e5r1t0y6z --ttl 1h --qr"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    if (!Durations.TryParse(parsed.GetRequiredValue(ttl), out var time))
                    {
                        throw CommandException.Usage(
                            $"--ttl takes a time such as 90s, 5m or 1h, at most {Durations.Format(Limits.LinkTtlMaximum)}, not \"{parsed.GetRequiredValue(ttl)}\"."
                        );
                    }
                    var link = await session
                        .Api.Media.CreateLinkAsync(Ids.Check(parsed.GetRequiredValue(id)), time, parsed.GetValue(part), cancel)
                        .ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, link);
                        return ExitCode.Done;
                    }
                    session.Out.Line(link.Url);
                    if (parsed.GetValue(qr) && !session.Out.IsQuiet)
                    {
                        session.Out.Drawing(QrLines.Draw(link.Url, session.Context.OutIsTerminal && session.Context.HasColour));
                    }
                    session.Out.Note($"Anyone with this link can open the story. Valid for {StoryText.Left(link.ExpiresAt, session.Now)}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
