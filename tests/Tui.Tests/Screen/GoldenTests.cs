using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;
using Terminal.Gui.Input;
using Emulated = StoriesCli.Tui.Tests.Recordings.Terminal;

namespace StoriesCli.Tui.Tests.Screen;

/// <summary>The main screens as they were agreed, at five sizes: a change of a screen is seen in review. STORIES_GOLDEN names a folder to write them to.</summary>
public class GoldenTests
{
    private static readonly (int Width, int Height)[] _sizes = [(200, 50), (120, 40), (80, 24), (60, 20), (40, 12)];

    public static TheoryData<string> Names =>
        new(
            "tray",
            "thread",
            "reply",
            "react",
            "post",
            "upload",
            "files",
            "people",
            "help",
            "card",
            "delete",
            "link",
            "offline",
            "poll",
            "vote",
            "helped",
            "unfolded",
            "mute",
            "muted",
            "seen-by",
            "question",
            "settings",
            "archive",
            "palette",
            "search",
            "copy",
            "lines",
            "digest",
            "live"
        );

    /// <summary>Views that have colours of their own.</summary>
    public static TheoryData<string, string> Coloured
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (
                var name in (string[])
                    ["tray", "thread", "card", "poll", "live", "offline", "post", "help", "palette", "search", "digest", "delete", "lines"]
            )
            {
                data.Add(name, "dark");
                data.Add(name, "light");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_screen_is_as_it_was_agreed(string name)
    {
        foreach (var (width, height) in _sizes)
        {
            using var screen = new TestScreen(Team(), width, height);
            Lead(screen, name);
            LookAtShown(screen);
            Compare($"{name}-{width}x{height}.txt", screen.Text.TrimEnd('\n') + "\n");
        }
    }

    /// <summary>With their colours: print the files in a terminal to look at them.</summary>
    [Theory]
    [MemberData(nameof(Coloured))]
    public void Its_colours_are_as_they_were_agreed(string name, string theme)
    {
        foreach (var (width, height) in _sizes)
        {
            using var screen = new TestScreen(Team(), width, height);
            screen.Receive(new TerminalMsg.ThemeChanged(theme == "dark" ? Theme.Dark : Theme.Light));
            Lead(screen, name);
            LookAtShown(screen);
            Compare($"{name}-{theme}-{width}x{height}.ans", screen.Coloured);
        }
    }

    private static void Compare(string file, string text)
    {
        var folder = Environment.GetEnvironmentVariable("STORIES_GOLDEN") is { Length: > 0 } written
            ? written
            : Path.Combine(AppContext.BaseDirectory, "Golden");
        if (folder == Environment.GetEnvironmentVariable("STORIES_GOLDEN"))
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }
        text.Should().Be(File.ReadAllText(Path.Combine(folder, file)), "{0} is the agreed screen", file);
    }

    /// <summary>For long enough, though no time is to be seen of it.</summary>
    private static void LookAtShown(TestScreen screen)
    {
        if (screen.Store.Model is { Help: false, ShownId: { } shown, Dialog: null or { StoryId: not null } })
        {
            screen.Receive(new PlayerMsg.Viewed(shown));
        }
    }

    private static void Lead(TestScreen screen, string name)
    {
        switch (name)
        {
            case "thread":
                Thread(screen);
                break;
            case "reply":
                Thread(screen);
                screen.Press((Key)'r').Type("agreed, let us");
                break;
            case "react":
                Thread(screen);
                screen.Press((Key)'e', Key.CursorRight);
                break;
            case "post":
                screen.Press((Key)'n').Receive(new ChooseFile.FileChosen("/data/dora/demo.mp4")).Type("The release");
                break;
            case "upload":
                screen
                    .Press((Key)'n')
                    .Receive(new ChooseFile.FileChosen("/data/dora/demo.mp4"))
                    .Press([.. Enumerable.Repeat(Key.CursorDown, 6), Key.Enter]);
                screen.Receive(new CommandMsg.Progressed(screen.Store.Model.LastCommand, new(2_400_000, 4_300_000, 1_150_000)));
                break;
            case "files":
                screen
                    .Press((Key)'n', Key.Enter)
                    .Answer(
                        new ListLoaded(
                            [
                                new("pictures/", "folder", CloseOpen.Msg),
                                new("demo.mp4", "video · 4.1 MiB", CloseOpen.Msg),
                                new("shot.png", "image · 120 KiB", CloseOpen.Msg),
                            ],
                            "/data/dora",
                            CloseOpen.Msg
                        )
                    );
                break;
            case "people":
                screen
                    .Press((Key)'@')
                    .Answer(
                        new ListLoaded(
                            [
                                new("@ana", "Ana Torres · owner", CloseOpen.Msg),
                                new("@bob", "", CloseOpen.Msg),
                                new("@ci", "bot", CloseOpen.Msg),
                            ],
                            "People: 3"
                        )
                    );
                break;
            case "help":
                screen.Press((Key)'?');
                break;
            case "card":
                screen.Press(Key.CursorRight, Key.CursorRight).Press(Key.PageDown);
                break;
            case "delete":
                screen.Receive(new InputMsg.PlaceClicked(new("dora", null))).Press((Key)'D');
                break;
            case "link":
                screen.Press((Key)'o');
                break;
            case "poll":
                screen.Receive(new InputMsg.PlaceClicked(new("bob", null)));
                break;
            case "vote":
                screen.Receive(new InputMsg.PlaceClicked(new("bob", null))).Press((Key)'v', Key.CursorDown);
                break;
            case "helped":
                screen.Receive(new InputMsg.PlaceClicked(new("dora", null)));
                var asking = screen.Store.Model.Shown! with
                {
                    Help = new() { Resolved = false },
                    AckCount = 1,
                };
                screen.Receive(
                    new ServerMsg.EventArrived(
                        new()
                        {
                            Type = EventTypes.Updated,
                            At = Some.Now,
                            StoryId = asking.Id,
                            Story = asking,
                        }
                    ),
                    new ServerMsg.DetailsArrived(
                        screen.Store.Model.ShownId!,
                        new()
                        {
                            Acks =
                            [
                                new()
                                {
                                    Person = new() { Handle = "bob", DisplayName = "Bob" },
                                    At = Some.Now,
                                },
                            ],
                        }
                    )
                );
                break;
            case "unfolded":
                screen
                    .Press((Key)'n')
                    .Press([.. Enumerable.Repeat(Key.CursorDown, 7), Key.Enter])
                    .Type("Friday?")
                    .Press(Key.CursorDown)
                    .Type("yes");
                break;
            case "mute":
                screen.Press((Key)'m', Key.Enter);
                break;
            case "muted":
                screen.Receive(
                    new ServerMsg.TrayArrived([
                        .. screen.Store.Model.Tray.Places.Select(place => place.Item with { Muted = place.Key.Handle == "ana" }),
                    ])
                );
                break;
            case "seen-by":
                screen
                    .Receive(new InputMsg.PlaceClicked(new("dora", null)))
                    .Press((Key)'S')
                    .Answer(
                        new ListLoaded(
                            [
                                new("@ana", "17:03 · acknowledged 17:05", CloseOpen.Msg),
                                new("@bob", "21 Nov 23:40", CloseOpen.Msg),
                                new("2 who look privately", "counted, not named", CloseOpen.Msg),
                            ],
                            "Seen by 4, acknowledged by 1"
                        )
                    );
                break;
            case "question":
                screen
                    .Press((Key)'Q')
                    .Answer(
                        new ShowQuestion.Loaded(
                            new()
                            {
                                Id = "01k",
                                Text = "What did you learn this week that the others should know before the release?",
                                Asker = new() { Handle = "ana", DisplayName = "Ana" },
                                AskedAt = Some.Now,
                                EndsAt = Some.Now.AddHours(5),
                                AnswerCount = 2,
                            },
                            [Some.Story("bob", 7), Some.Story("yam", 7)],
                            true
                        )
                    );
                break;
            case "settings":
                screen
                    .Press((Key)',')
                    .Answer(
                        new AccountMenu.Loaded(
                            new()
                            {
                                Handle = "dora",
                                DisplayName = "Dora",
                                Role = Roles.Member,
                                CreatedAt = Some.Now,
                                Archive = true,
                            }
                        )
                    );
                break;
            case "archive":
                screen
                    .Press((Key)'A')
                    .Answer(
                        new DialogOpened(
                            ShowArchive.DialogFor(
                                new()
                                {
                                    Handle = "dora",
                                    DisplayName = "Dora",
                                    Role = Roles.Member,
                                    CreatedAt = Some.Now,
                                }
                            )
                        )
                    );
                break;
            case "palette":
                screen.Press((Key)':');
                break;
            case "search":
                screen
                    .Press((Key)'/')
                    .Type("parser")
                    .Wait(TimeSpan.FromMilliseconds(200))
                    .Answer(new SearchStories.Found("parser", [screen.Store.Model.Shown!, Some.Story("bob", 1), Some.Story("yam", 1)]));
                break;
            case "copy":
                screen.Press((Key)'y');
                break;
            case "lines":
                screen.Press(Key.CursorRight, Key.CursorRight).Press((Key)'V', (Key)'j', (Key)'v', (Key)'j', (Key)'j');
                break;
            case "digest":
                screen.Press((Key)'T').Answer(ShowDigest.List(Digest(), TimeZoneInfo.Utc));
                break;
            case "live":
                var build = Some.Story("ci", 9, StoryKinds.Recording) with
                {
                    Slot = "build/main",
                    Caption = "make test",
                    CreatedAt = Some.Now,
                    Live = true,
                };
                screen.Receive(
                    new ServerMsg.EventArrived(
                        new()
                        {
                            Type = EventTypes.Posted,
                            At = Some.Now,
                            StoryId = build.Id,
                            Story = build,
                        }
                    ),
                    new InputMsg.PlaceClicked(new("ci", "build/main")),
                    new MediaMsg.ScreenArrived(
                        build.Id,
                        Emulated.Of(80, 24, "$ make test\r\n\e[32mok\e[m parser\r\n\e[32mok\e[m printer\r\n")
                    )
                );
                break;
            case "offline":
                screen.Receive(
                    new ServerMsg.ConnectionLost("it broke"),
                    new ServerMsg.ConnectionLost("Nothing listens at http://team.example.")
                );
                break;
        }
    }

    private static void Thread(TestScreen screen) =>
        screen.Receive(
            new ServerMsg.DetailsArrived(
                screen.Store.Model.ShownId!,
                new()
                {
                    Replies =
                    [
                        Reply("bob", "nice, how much RAM?", 61),
                        Reply("ana", "−40 %", 63),
                        Reply("yamada", "山田も同じです 🎉 and the nightly build is green again, so that we could release on Thursday", 64),
                    ],
                }
            )
        );

    private static Digest Digest() =>
        new()
        {
            Since = Some.Now.AddDays(-1),
            At = Some.Now,
            Posted = new() { Items = [Line("ana", "The new parser on real logs", 61), Line("ci", "build/main failed", 1200)], LeftOut = 2 },
            Answered = new()
            {
                Items =
                [
                    new()
                    {
                        Id = "01kr",
                        StoryId = "01ks",
                        Author = new() { Handle = "yamada", DisplayName = "Yamada" },
                        Text = "山田も同じです 🎉 and the nightly build is green again",
                        CreatedAt = Some.Now.AddMinutes(-5),
                    },
                ],
                LeftOut = 0,
            },
            Kept = new() { Items = [Line("dora", "The release", 300) with { KeptIn = "releases" }], LeftOut = 0 },
            Asked = new()
            {
                Items =
                [
                    new()
                    {
                        Kind = "poll",
                        Id = "01kp",
                        Author = new() { Handle = "bob", DisplayName = "Bob" },
                        Text = "When do we release?",
                        CreatedAt = Some.Now.AddMinutes(-90),
                        Open = true,
                        Options = [new() { Text = "Thursday", Votes = 3 }, new() { Text = "next week", Votes = 1 }],
                    },
                ],
                LeftOut = 0,
            },
            NotSeen = new()
            {
                Items =
                [
                    new()
                    {
                        Story = Line("dora", "The release", 300),
                        People = [new() { Handle = "bob", DisplayName = "Bob" }],
                        LeftOut = 0,
                        PrivateCount = 0,
                    },
                ],
                LeftOut = 0,
            },
        };

    private static DigestStory Line(string who, string title, int minutesAgo) =>
        new()
        {
            Id = $"01k{who}{minutesAgo}",
            Author = new() { Handle = who, DisplayName = who },
            Kind = StoryKinds.Text,
            Title = title,
            CreatedAt = Some.Now.AddMinutes(-minutesAgo),
        };

    private static Reply Reply(string who, string text, int minutes) =>
        new()
        {
            Id = $"01k{who}{minutes}",
            Author = new() { Handle = who, DisplayName = who },
            Text = text,
            CreatedAt = Some.Now.AddHours(-2).AddMinutes(minutes),
        };

    private static Model Team() =>
        Some.Looking(
            Some.Story("ana", 1) with
            {
                Author = new() { Handle = "ana", DisplayName = "Ana" },
                Caption =
                    "The new parser on real logs: it reads a day of them in four seconds, and needs a third less memory than the one before.",
                Tags = ["perf"],
                RepliesOn = true,
                ReplyCount = 3,
                Reactions = new Dictionary<string, int> { ["👀"] = 3, ["🎉"] = 1 },
                Links = ["https://team.example/builds/1234?log=full"],
            },
            Some.Story("ana", 2, StoryKinds.Video) with
            {
                Media = Some.Story("ana", 2).Media with { FileName = "demo.mp4", DurationMs = 12_000 },
            },
            Some.Story("ana", 3, StoryKinds.Text) with
            {
                Text = string.Join('\n', Enumerable.Range(1, 90).Select(n => $"{n, 3}  a line of a long card")),
            },
            Some.Story("ci", 1, StoryKinds.Text) with
            {
                Slot = "build/main",
                Source = new()
                {
                    Status = "failed",
                    Repository = "team/parser",
                    Run = "1234",
                },
            },
            Some.Story("bob", 1) with
            {
                Caption = "The release",
                Mentions = ["dora"],
                Poll = new()
                {
                    Question = "When do we release?",
                    Options = [new() { Text = "Thursday", Votes = 3 }, new() { Text = "next week, when everybody is back", Votes = 1 }],
                    MyVote = 0,
                },
                AckCount = 2,
                Acked = true,
            },
            Some.Story("yam", 1).Seen(),
            Some.Story("dora", 1, StoryKinds.Text).Seen() with
            {
                ViewCount = 4,
            }
        );
}
