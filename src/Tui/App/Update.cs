using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Videos;

namespace StoriesCli.Tui.App;

/// <summary>What each message does to the model. Pure: returns the same model if nothing changed.</summary>
internal static class Update
{
    public static Model Apply(Model model, Msg msg) =>
        Fit(
            model,
            msg,
            VideoPlayback.Follow(Comparison.Follow(model, DialogUpdate.CheckStory(DialogUpdate.Continue(model, Handle(model, msg)))))
        );

    /// <summary>Time alone changes no layout; everything else may.</summary>
    private static Model Fit(Model before, Msg msg, Model model) =>
        ReferenceEquals(before, model) || (msg is TerminalMsg.Tick && before.ShownId == model.ShownId) ? model : ScreenLayout.Fit(model);

    private static Model Handle(Model model, Msg msg) =>
        msg switch
        {
            ActionMsg action => action.Update(model),
            InputMsg input => Handle(model, input),
            DialogMsg dialog => DialogUpdate.Apply(model, dialog),
            TerminalMsg terminal => Handle(model, terminal),
            ServerMsg server => ServerUpdate.Apply(model, server),
            MediaMsg media => Handle(model, media),
            CommandMsg command => CommandResults.Update(model, command),
            PlayerMsg player => PlayStory.Report(model, player),
            _ => model,
        };

    private static Model Handle(Model model, InputMsg input) =>
        input switch
        {
            InputMsg.Typed typed => DialogUpdate.Type(model, typed.Text),
            InputMsg.Pasted pasted => DialogUpdate.Paste(model, pasted.Text),
            InputMsg.Edited edited => DialogUpdate.Press(model, edited.Key),
            InputMsg.PanelScrolled scrolled => Scrolling.Thread(model, scrolled.Rows),
            InputMsg.Selected selected => model.Copy(selected.Text, Counted.Of(selected.Text.Count(c => c == '\n') + 1, "line")),
            InputMsg.Start start when model.Dialog is null || start.Action.WorksInDialog => model.Help
                ? start.Action.StartInHelp(model, start.Step)
                : start.Action.Start(model, start.Step),
            _ when model.Dialog is not null => model,
            InputMsg.PlaceClicked clicked => Navigation.Open(model, clicked.Key) with { Help = false },
            InputMsg.StageScrolled scrolled => model.Help ? Scrolling.Help(model, scrolled.Rows) : Scrolling.Stage(model, scrolled.Rows),
            _ => model,
        };

    private static Model Handle(Model model, TerminalMsg terminal) =>
        terminal switch
        {
            TerminalMsg.Tick tick => Clock.Tick(model, tick),
            TerminalMsg.Resized resized => model.Display.Screen == resized.Screen
                ? model
                : model with
                {
                    Display = model.Display with { Screen = resized.Screen },
                },
            TerminalMsg.GraphicsChanged changed => model.Display.Graphics == changed.Graphics
                ? model
                : model with
                {
                    Display = model.Display with { Graphics = changed.Graphics },
                },
            TerminalMsg.ThemeChanged changed => ReferenceEquals(model.Display.Theme, changed.Theme)
                ? model
                : model with
                {
                    Display = model.Display with { Theme = changed.Theme },
                },
            TerminalMsg.Returned => model.Exit is ExitReason.Quit ? model : model with { Exit = null },
            TerminalMsg.QuitRequested => model with { Exit = new ExitReason.Quit() },
            _ => model,
        };

    private static Model Handle(Model model, MediaMsg media) =>
        media switch
        {
            MediaMsg.PictureArrived picture => Prefetch.Keep(
                model,
                picture.Key,
                new(picture.Area, picture.Blocks) { Graphics = picture.Graphics, Raster = picture.Raster }
            ),
            MediaMsg.PictureMissing missing => Prefetch.Keep(
                model,
                missing.Key,
                new(missing.Area, null, missing.Reason) { Graphics = missing.Graphics }
            ),
            MediaMsg.RecordingArrived recording => RecordingPlayback.Keep(model, recording.StoryId, new(recording.Recording)),
            MediaMsg.RecordingMissing missing => RecordingPlayback.Keep(model, missing.StoryId, new(null, missing.Reason)),
            MediaMsg.FrameArrived frame => VideoPlayback.Show(model, frame),
            MediaMsg.VideoEnded ended => VideoPlayback.End(model, ended),
            MediaMsg.ScreenArrived screen => LiveTerminals.Show(model, new(screen.StoryId, screen.Screen)),
            MediaMsg.ScreenMissing missing => LiveTerminals.Show(
                model,
                new(missing.StoryId, LiveTerminals.ScreenOf(model, missing.StoryId), missing.Reason)
            ),
            _ => model,
        };
}
