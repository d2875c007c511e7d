using System.CommandLine;
using System.CommandLine.Help;
using StoriesCli.Cli.Commands.Account;
using StoriesCli.Cli.Commands.Share;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Tui;
using StoriesCli.Tui.Welcome;

namespace StoriesCli.Cli.Terminal;

/// <summary><c>stories</c> alone: the terminal UI on a terminal, help elsewhere.</summary>
internal static class TuiStart
{
    public static void Install(RootCommand root, Runner runner)
    {
        var images = new Option<string?>("--images")
        {
            HelpName = "HOW",
            Description =
                "How the terminal UI shows pictures: auto, kitty, iterm, sixel, octants, sextants, blocks or off (overrides STORIES_IMAGES and the configuration).",
        };
        var restricted = new Option<bool>("--restricted")
        {
            Description = "Keep the terminal UI from starting programs or touching files. For forced commands over SSH.",
        };
        images.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && !Config.ImageModes.Contains(token.Value))
            {
                given.AddError(StoryPicture.Refusal("--images", token.Value));
            }
        });
        root.Add(images);
        root.Add(restricted);
        root.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var context = session.Context;
                    if (!context.InIsTerminal || !context.OutIsTerminal || context.IsDumb)
                    {
                        return ((HelpText)root.Options.OfType<HelpOption>().Single().Action!).Invoke(parsed);
                    }
                    var how = StoryPicture.ChooseImages(session, parsed.GetValue(images));
                    var isRestricted = parsed.GetValue(restricted);
                    if (isRestricted || !JoinSteps.IsFirstStart(session))
                    {
                        return await OpenAsync(session, StoryPicture.Mode(how), isRestricted, cancel).ConfigureAwait(false);
                    }
                    var (hasJoined, signal) = await WelcomeApp
                        .RunAsync(
                            new((answers, stop) => JoinAsync(session, answers, stop))
                            {
                                Theme = ThemeOf(session),
                                Colours = context.HasColour,
                                Clock = context.Clock,
                            },
                            cancel
                        )
                        .ConfigureAwait(false);
                    if (!hasJoined)
                    {
                        session.Out.Note(
                            "You have not joined a server. Run stories again when you have a link.\nThe commands are in stories --help."
                        );
                        return signal ?? ExitCode.Usage;
                    }
                    // Reads the configuration anew, which joining has changed.
                    using var joined = new Session(context, session.Flags, session.Out) { HasImagesFlag = session.HasImagesFlag };
                    return await OpenAsync(joined, StoryPicture.Mode(how), isRestricted, cancel).ConfigureAwait(false);
                }
            )
        );
    }

    /// <summary>Joins with what was entered on the welcome screen.</summary>
    /// <returns>Why it failed; null if it has not.</returns>
    private static async Task<string?> JoinAsync(Session session, WelcomeAnswers answers, CancellationToken stop)
    {
        var address = answers.Address;
        if (!JoinLink.TryParse(address, out _, out _))
        {
            if (!ServerAddress.TryParse(address, out var server, out _))
            {
                // The entered text may be a code, so the message does not repeat it.
                return "That is neither the link of an invite nor a server: a link looks like https://team.example/join#CODE.";
            }
            if (answers.Code is not { } code)
            {
                return "With a server's URL, the code of an invite is needed too.";
            }
            // Somebody may have the whole link at hand where the code is asked for.
            code = JoinLink.TryParse(code, out _, out var inLink) ? inLink : code;
            address = JoinAddress.Of(ServerAddress.Origin(server), code);
        }
        try
        {
            await JoinSteps.RunAsync(session, new(address, answers.Handle), stop).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            return CliError.Of(e).Message;
        }
    }

    private static async Task<int> OpenAsync(Session session, ImageMode images, bool restricted, CancellationToken cancel)
    {
        // The UI itself shows that the server is unreachable, and retries. Retries here would hide that, and notes would garble the screen.
        var to = session.SignedIn;
        using var api = new ApiClient(
            to.Server,
            to.Token,
            new()
            {
                Retries = 0,
                AllowPlainHttp = to.Insecure,
                Clock = session.Context.Clock,
                UserAgent = "stories-cli/" + Version.Text,
            }
        );
        var options = new TuiOptions(api)
        {
            Handle = session.Connection.Handle,
            Images = images,
            Colours = session.Context.HasColour,
            Restricted = restricted,
            Theme = ThemeOf(session),
            Video = session.Config.Video switch
            {
                "stage" => VideoPlace.Stage,
                "player" => VideoPlace.Player,
                _ => VideoPlace.Auto,
            },
            Keymap = session.Config.Keymap == "classic" ? Keymap.Classic : Keymap.Vi,
            Keys = session.Config.Keys,
            InTmux = session.Context.Environment("TMUX") is { Length: > 0 },
            Promote = restricted ? null : (story, folder, stop) => PromoteAsync(session, story, folder, stop),
            AccountDeleted = () => MeCommand.Forget(session),
            Players = PlayerSearch.Here(session.Config.Players, session.Context.Environment),
            Clock = session.Context.Clock,
        };
        // The UI handles signals itself: Ctrl-C ends a player in the terminal, and the UI continues.
        using var taken = session.Context.ShutdownSignals?.Take(_ => { });
        try
        {
            return await TuiApp.RunAsync(options, cancel).ConfigureAwait(false);
        }
        catch (KeyException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }

    /// <summary>Runs the promote command without printing to the screen.</summary>
    private static async Task<string> PromoteAsync(Session session, Story story, string folder, CancellationToken stop)
    {
        using var output = new Output(session.Context, Format.Quiet);
        using var silent = new Session(session.Context, session.Flags, output);
        try
        {
            return await PromoteCommand
                .WriteAsync(silent, story, folder, force: false, stop, "name another directory")
                .ConfigureAwait(false);
        }
        catch (CommandException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static ThemeChoice ThemeOf(Session session) =>
        session.Config.Theme switch
        {
            "dark" => ThemeChoice.Dark,
            "light" => ThemeChoice.Light,
            "contrast" => ThemeChoice.Contrast,
            _ => ThemeChoice.Auto,
        };
}
