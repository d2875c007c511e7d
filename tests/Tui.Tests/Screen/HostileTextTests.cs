using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

public class HostileTextTests
{
    public static TheoryData<string> Texts =>
        new()
        {
            "evil \e[2J\e[31m\e]0;title\a caption \u009b31m",
            "bidi \u202e\u2066\u200f caption",
            string.Concat(Enumerable.Repeat("🎉", 2048)),
            string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 290)),
            string.Concat(Enumerable.Repeat("Z̀́̂̃̄̅", 200)),
            new string('\n', 2048),
            new string('x', 2048),
            "\u0000\u0001\u007f\u200b\ufeff\ud800",
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Whatever_others_write_stays_inside_its_cells(string text)
    {
        var story = Some.Story("ana", 1, StoryKinds.Text) with
        {
            Caption = text,
            Text = text,
            Author = new() { Handle = "ana", DisplayName = text },
            Tags = [text],
            Slot = text,
            Source = new() { Repository = text, Run = text },
            Poll = new() { Question = text, Options = [new() { Text = text, Votes = 1 }, new() { Text = text, Votes = int.MaxValue }] },
            Mentions = [text],
            Help = new() { Resolved = false },
            Reactions = new Dictionary<string, int> { [text] = 1 },
        };
        foreach (var (width, height) in new[] { (120, 40), (80, 24), (40, 12) })
        {
            using var screen = new TestScreen(Some.Empty.Receiving(story, Some.Story("bob", 1)), width, height);

            screen.Lines[0].Should().Contain("● live");
            screen.Lines[height - 1].Should().EndWith("q quit");
            screen.Text.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
            screen.Text.Should().NotContainAny("\u202e", "\u2066", "\u200f", "\u200d", "[31m", "[2J");

            screen.Press((Key)'v').Text.Should().Contain("Esc closes");
            screen.Lines[0].Should().Contain("● live");
            screen.Text.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
            screen.Text.Should().NotContainAny("\u202e", "\u2066", "\u200f", "\u200d", "[31m", "[2J");
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Hits_copies_selected_lines_and_the_digest_stay_inside_their_cells_too(string text)
    {
        var story = Some.Story("ana", 1, StoryKinds.Text) with { Caption = text, Text = text + "\n" + text };
        var happened = new DigestStory
        {
            Id = "01k",
            Author = story.Author,
            Kind = StoryKinds.Text,
            Title = text,
            CreatedAt = Some.Now,
        };
        var digest = new Digest
        {
            Since = Some.Now,
            At = Some.Now,
            Posted = new() { Items = [happened], LeftOut = 0 },
            Answered = new() { Items = [], LeftOut = 0 },
            Kept = new() { Items = [], LeftOut = 0 },
            Asked = new() { Items = [], LeftOut = 0 },
            NotSeen = new() { Items = [], LeftOut = 0 },
        };
        foreach (var (width, height) in new[] { (120, 40), (80, 24), (40, 12) })
        {
            using var screen = new TestScreen(Some.Looking(story), width, height);
            Action[] dialogs =
            [
                () =>
                    screen
                        .Press((Key)'/')
                        .Type("x")
                        .Wait(TimeSpan.FromMilliseconds(200))
                        .Answer(new SearchStories.Found("x", [story, story])),
                () => screen.Press((Key)'y'),
                () => screen.Press((Key)'V', (Key)'v', (Key)'G'),
                () => screen.Press((Key)'T').Answer(ShowDigest.List(digest, TimeZoneInfo.Utc)),
            ];
            foreach (var open in dialogs)
            {
                open();
                screen.Store.Model.Dialog.Should().NotBeNull();
                screen.Lines[0].Should().Contain("● live");
                screen.Text.Should().Contain("Esc ");
                screen.Text.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
                screen.Text.Should().NotContainAny("\u202e", "\u2066", "\u200f", "\u200d", "[31m", "[2J");
                screen.Press(Key.Esc).Store.Model.Dialog.Should().BeNull();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_question_its_answers_and_its_album_stay_inside_their_cells_too(string text)
    {
        var answer = Some.Story("bob", 1) with { Caption = text };
        var question = new Question
        {
            Id = "01k",
            Text = text,
            Asker = answer.Author,
            AskedAt = Some.Now,
            EndsAt = Some.Now.AddHours(5),
            AnswerCount = 1,
        };
        foreach (var (width, height) in new[] { (120, 40), (80, 24), (40, 12) })
        {
            using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1)), width, height);
            foreach (var keys in new Key[][] { [(Key)'Q'], [Key.CursorDown], [Key.Enter] })
            {
                screen.Press(keys);
                if (screen.Store.Model.Commands.Length > 0)
                {
                    screen.Answer(new ShowQuestion.Loaded(question, [answer], true));
                }
                screen.Lines[0].Should().Contain("● live");
                screen.Text.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
                screen.Text.Should().NotContainAny("\u202e", "\u2066", "\u200f", "\u200d", "[31m", "[2J");
            }
            screen.Store.Model.Tray.OpenPlace!.IsAlbum.Should().BeTrue();
        }
    }

    [Fact]
    public void Notes_are_cleaned_too()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1)), 80, 24);

        screen.Receive(new PlayerMsg.Ended(screen.Store.Model.ShownId!, "mpv said \e[31mno\u202e")).Lines[23].Should().Be(" mpv said no");
    }
}
