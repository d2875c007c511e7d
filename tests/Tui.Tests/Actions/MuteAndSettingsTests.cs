using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>Muting, reporting, and the settings of your account.</summary>
public class MuteAndSettingsTests
{
    private static readonly Story _ana = Some.Story("ana", 1) with { Tags = ["perf"] };
    private static readonly Story _mine = Some.Story("dora", 1).Seen();

    [Fact]
    public void A_person_a_tag_or_everything_is_muted_for_a_time_or_for_good_and_no_longer()
    {
        var asked = Some.Looking(_ana).After(Keys.Of("mute"));
        asked
            .Dialog.Should()
            .BeAssignableTo<ListDialog>()
            .Which.All.Select(choice => choice.Label)
            .Should()
            .Equal("@ana", "#perf", "everything");

        Command Told(params Msg[] keys) => asked.After(keys).Commands.Last() with { Number = 0 };
        Told(Enter(), new InputMsg.Typed("1")).Should().Be(new MuteMenu.Change(new("ana", null), true, TimeSpan.FromHours(1)));
        Told(Down(), Enter(), new InputMsg.Typed("2")).Should().Be(new MuteMenu.Change(new(null, "perf"), true, TimeSpan.FromHours(8)));
        Told(Down(), Enter(), new InputMsg.Typed("3")).Should().Be(new MuteMenu.Change(new(null, "perf"), true, TimeSpan.FromDays(1)));
        Told(new InputMsg.Typed("every"), Enter(), new InputMsg.Typed("4")).Should().Be(new MuteMenu.Change(new(null, null), true, null));
        Told(Enter(), new InputMsg.Typed("5")).Should().Be(new MuteMenu.Change(new("ana", null), false, null));
    }

    [Fact]
    public void Ones_own_stories_are_not_muted()
    {
        Some.Looking(_mine)
            .After(Keys.Of("mute"))
            .Dialog.Should()
            .BeAssignableTo<ListDialog>()
            .Which.All.Select(choice => choice.Label)
            .Should()
            .Equal("everything");
        Some.Empty.After(Keys.Of("mute")).Dialog.Should().BeAssignableTo<ListDialog>().Which.All.Should().ContainSingle();
    }

    [Fact]
    public void What_is_muted_is_listed_behind_what_the_story_gives_and_nothing_moves_under_the_fingers()
    {
        var asked = Some.Looking(_ana).After(Keys.Of("mute"), Down());
        var told = asked.After(
            new CommandMsg.Ended(
                asked.LastCommand,
                new MuteMenu.Loaded([
                    new() { Tag = "perf", Until = Some.Now.AddHours(1) },
                    new() { Tag = "nightly" },
                    new()
                    {
                        Person = new() { Handle = "bob", DisplayName = "Bob" },
                    },
                ])
            )
        );

        var list = told.Dialog.Should().BeAssignableTo<ListDialog>().Which;
        list.At.Should().Be(1);
        list.All.Select(choice => $"{choice.Label}: {choice.Detail}")
            .Should()
            .Equal(
                "@ana: their stories",
                "#perf: muted until 19:00",
                "everything: until you unmute it, or for a time",
                "#nightly: muted",
                "@bob: muted"
            );
        told.After(new InputMsg.Typed("night"), Enter(), new InputMsg.Typed("5"))
            .Commands.Last()
            .Should()
            .Be(new MuteMenu.Change(new(null, "nightly"), false, null) { Number = 2 });
        told.After(new ServerMsg.TrayArrived([Some.Item(_ana)]), new TerminalMsg.Tick(TimeSpan.Zero, Some.Now.AddHours(1)))
            .Link.TrayStale.Should()
            .BeTrue("a mute that was told elsewhere ends too");
        asked
            .After(new InputMsg.Edited(EditKey.Escape), new CommandMsg.Ended(asked.LastCommand, new MuteMenu.Loaded([])))
            .Dialog.Should()
            .BeNull();
    }

    [Fact]
    public void What_was_muted_is_asked_of_the_tray_at_once_and_when_the_time_is_over()
    {
        var s = Some.Looking(_ana).After(Keys.Of("mute"), Enter(), new InputMsg.Typed("1"));
        s = s.After(new CommandMsg.Ended(s.LastCommand, new MuteMenu.Changed("Muted for 1h: @ana.", Some.Now.AddHours(1))));
        s.Link.TrayStale.Should().BeTrue();
        s.Note!.Text.Should().Be("Muted for 1h: @ana.");

        s = s.After(
            new ServerMsg.TrayArrived([Some.Item(_ana) with { Muted = true, Unseen = 0 }]),
            new TerminalMsg.Tick(TimeSpan.Zero, Some.Now.AddMinutes(59))
        );
        s.Link.TrayStale.Should().BeFalse();
        s = s.After(new TerminalMsg.Tick(TimeSpan.Zero, Some.Now.AddHours(1)));
        s.Link.TrayStale.Should().BeTrue();
        s.After(new ServerMsg.TrayArrived([Some.Item(_ana)]), new TerminalMsg.Tick(TimeSpan.Zero, Some.Now.AddHours(2)))
            .Link.TrayStale.Should()
            .BeFalse("it is over once");
    }

    [Fact]
    public void Stories_that_were_asked_for_before_a_mute_ended_are_not_counted_by()
    {
        var item = Some.Item(_ana) with { Unseen = 0, Muted = true };
        var s = Some.Empty.After(new ServerMsg.TrayArrived([Some.Item(Some.Story("bob", 1)), item]));
        var asked = s.Tray.Places[1].Version;
        s = s.After(Keys.Of("mute"));
        s = s.After(
            new CommandMsg.Ended(s.LastCommand, new MuteMenu.Changed("Unmuted: @ana.", null)),
            new ServerMsg.TrayArrived([Some.Item(Some.Story("bob", 1)), Some.Item(_ana)])
        );

        var late = s.After(new ServerMsg.StoriesArrived(new("ana", null), asked, [_ana with { Muted = true }]));

        late.Tray.Places[1].IsCurrent.Should().BeFalse();
        late.After(new ServerMsg.StoriesArrived(new("ana", null), late.Tray.Places[1].Version, [_ana]))
            .TrayNames()
            .Should()
            .Contain("ana 1");
    }

    [Fact]
    public void A_muted_place_says_so_and_calls_out_by_nothing()
    {
        var broken = _ana with
        {
            Source = new() { Status = "failed" },
            Help = new() { Resolved = false },
        };
        var s = Some
            .Empty.After(new ServerMsg.TrayArrived([Some.Item(broken) with { Muted = true, OpenHelp = 1 }]))
            .After(new InputMsg.PlaceClicked(new("ana", null)));
        TrayVm.From(s, 80).Entries[0].Line.ToString().Should().Be("◌ana");

        s = s.After(new ServerMsg.StoriesArrived(new("ana", null), PlaceVersion.Of(Some.Item(broken)), [broken, Some.Story("ana", 2)]));
        TrayVm.From(s, 80).Entries[0].Line.ToString().Should().Be("◌ana");
        HeaderVm.From(s, 80).Line.ToString().Should().NotContain("new");
        PanelVm.From(PanelInput.From(s, s.Shown!, 60, 30, isFramed: false)).Select(line => line.ToString()).Should().Contain("muted");
    }

    [Fact]
    public void Stories_of_a_muted_tag_count_nowhere_beside_others_of_the_same_person()
    {
        var other = Some.Story("ana", 2);
        var item = Some.Item(_ana, other) with { Unseen = 1 };
        var s = Some.Empty.After(
            new ServerMsg.TrayArrived([Some.Item(Some.Story("bob", 1)), item]),
            new ServerMsg.StoriesArrived(new("ana", null), PlaceVersion.Of(item), [_ana with { Muted = true }, other])
        );

        s.TrayNames().Should().Equal("bob 1", "ana 1");
        s.After(Told(EventTypes.Posted, Some.Story("ana", 3) with { Muted = true, CreatedAt = Some.Now }))
            .TrayNames()
            .Should()
            .Equal("bob 1", "ana 1");
        s.After(Told(EventTypes.Posted, Some.Story("ana", 3) with { CreatedAt = Some.Now })).TrayNames().Should().Equal("bob 1", "ana 2");
        var looked = s.After(new InputMsg.PlaceClicked(new("ana", null)));
        looked.ShownId.Should().Be(other.Id, "what is muted is not unseen");
        s.After(new PlayerMsg.Viewed(_ana.Id)).TrayNames().Should().Equal("bob 1", "ana 1");
        s.After(Told(EventTypes.Removed, _ana)).TrayNames().Should().Equal("bob 1", "ana 1");
        s.After(Told(EventTypes.Removed, other)).TrayNames().Should().Equal("bob 1", "ana");
    }

    [Fact]
    public void A_report_needs_a_reason_and_somebody_elses_story()
    {
        var s = Some.Looking(_ana).After(Keys.Of("report"));
        s.After(Enter()).Commands.Should().BeEmpty();
        s.After(new InputMsg.Typed("not fit for work"), Enter())
            .Commands.Should()
            .Equal(new ReportStory.Send(_ana.Id, "not fit for work") { Number = 1 });
        Some.Looking(_mine)
            .After(Keys.Of("report"))
            .Should()
            .Match<Model>(own => own.Dialog == null && own.Note!.Text.Contains("your own"));
    }

    [Fact]
    public void Settings_are_switched_where_they_stand_and_emptying_the_archive_is_asked()
    {
        var s = Some.Looking(_mine).After(Keys.Of("settings"));
        s = s.After(new CommandMsg.Ended(s.LastCommand, new AccountMenu.Loaded(Me(archive: true))));
        s.Dialog.Should()
            .BeAssignableTo<ListDialog>()
            .Which.All.Select(choice => choice.Label)
            .Should()
            .StartWith(["Look privately: off", "Archive: on"]);

        var switched = s.After(Enter());
        switched.Commands.Should().Equal(new ProfileSettings.Change(new() { PrivateViewing = true }) { Number = 2 });
        switched
            .After(new CommandMsg.Ended(2, new AccountMenu.Loaded(Me(archive: true) with { PrivateViewing = true })))
            .Dialog.Should()
            .BeAssignableTo<ListDialog>()
            .Which.All[0]
            .Label.Should()
            .Be("Look privately: on");

        var asked = s.After(Down(), Enter());
        asked.Commands.Should().BeEmpty();
        asked.After(new InputMsg.Typed("y")).Commands.Should().Equal(new ProfileSettings.Change(new() { Archive = false }) { Number = 2 });
    }

    internal static Account Me(bool archive, string role = Roles.Member) =>
        new()
        {
            Handle = "dora",
            DisplayName = "dora",
            Role = role,
            CreatedAt = Some.Now,
            Archive = archive,
        };

    private static InputMsg.Edited Enter() => new(EditKey.Enter);

    private static InputMsg.Edited Down() => new(EditKey.Down);

    private static ServerMsg.EventArrived Told(string type, Story story) =>
        new(
            new()
            {
                Type = type,
                At = Some.Now,
                StoryId = story.Id,
                Story = story,
            }
        );
}
