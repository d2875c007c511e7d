using System.Collections.Immutable;
using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>All actions, in the order of the help and the footer. Keys, footer, help, update loop and docs/tui.md follow from this list.</summary>
internal static class ActionRegistry
{
    public static ImmutableArray<TuiAction> All { get; } =
    [
        new StepStory(),
        new ChoosePerson(),
        new JumpToPerson(),
        new ChooseByNumber(),
        new OpenChosenPerson(),
        new SwitchFocus(),
        new Pause(),
        new PlayStory(),
        new PlayAll(),
        SeekRecording.Near,
        SeekRecording.Far,
        new SwitchCompareSide(),
        new ReplyToStory(),
        new ReactToStory(),
        new AcknowledgeStory(),
        new VoteInPoll(),
        new WaitForStory(),
        new ResolveHelp(),
        new KeepStory(),
        new PostStory(),
        new SearchStories(),
        new ShowHighlights(),
        new ReorderHighlight(),
        new ShowArchive(),
        new ShowQuestion(),
        new ShowDigest(),
        new ShowPeople(),
        new OpenLink(),
        new DownloadMedia(),
        new PromoteStory(),
        new CopyMenu(),
        new SelectLines(),
        new CopyId(),
        new CopyCaption(),
        new MuteMenu(),
        new ReportStory(),
        new ShowViewers(),
        new ShareStory(),
        new EditStory(),
        new ExtendStory(),
        new DeleteStory(),
        new Scroll(),
        new AccountMenu(),
        new OpenPalette(),
        new ToggleHelp(),
        new CloseOpen(),
        new RedrawScreen(),
        new Suspend(),
        new Quit(),
    ];
}
