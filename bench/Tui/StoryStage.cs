using System.Text;

namespace StoriesCli.Bench.Tui;

/// <summary>A server with stories, and the terminal UI of somebody who has seen none of them, each time somebody else.</summary>
internal sealed class StoryStage : IDisposable
{
    public const int Pictures = 101;

    private const int Others = 8,
        // Half a screen of it is enough, and it stays for a minute, the longest that a card stays.
        LongCardLetters = 1500,
        BlockCellsMinimum = 500;

    private readonly Lab _lab;
    private readonly StoryServer _server;
    private readonly string _owner;
    private int _viewers;

    private StoryStage(Lab lab)
    {
        _lab = lab;
        _server = new(lab, Path.Combine(lab.NewFolder("tui"), "data"));
        _owner = _server.JoinOwner();
    }

    /// <summary>A hundred and one pictures of one person, and cards and a video of others.</summary>
    public static StoryStage WithPictures(Lab lab)
    {
        var stage = new StoryStage(lab);
        for (var i = 1; i <= Others; i++)
        {
            var other = stage._server.JoinMember(stage._owner, FormattableString.Invariant($"other{i}"));
            stage._server.Post(other, Encoding.UTF8.GetBytes(FormattableString.Invariant($"card {i}.")), "text/plain");
            if (i == 1)
            {
                stage._server.Post(other, File.ReadAllBytes(Path.Combine(lab.Samples, "video.mp4")), "video/mp4");
            }
        }
        // The last to post is shown first.
        var photo = File.ReadAllBytes(Path.Combine(lab.Samples, "photo.jpg"));
        for (var i = 1; i <= Pictures; i++)
        {
            // By turns, so that each differs from its neighbours.
            var (file, type) = i % 2 == 1 ? (Numbered(photo, i), "image/jpeg") : (DrawnPicture.Png(i), "image/png");
            stage._server.Post(stage._owner, file, type, FormattableString.Invariant($"?caption=picture+{i}."));
        }
        return stage;
    }

    /// <summary>One long card.</summary>
    public static StoryStage WithCard(Lab lab)
    {
        var stage = new StoryStage(lab);
        var text = string.Concat(Enumerable.Repeat("A long card. ", LongCardLetters / 13));
        stage._server.Post(stage._owner, Encoding.UTF8.GetBytes(text), "text/plain");
        return stage;
    }

    /// <summary>The published client, in a terminal with kitty's graphics or one without.</summary>
    public Subject Viewer(bool isKitty) =>
        new(isKitty ? "kitty" : "blocks", isKitty, [_lab.Client], IsFramed: true, "q quit", "● live")
        {
            Environment = Environment,
            HasPicture = isKitty ? terminal => terminal.Pictures > 0 : terminal => terminal.BlockCells >= BlockCellsMinimum,
        };

    public void Dispose() => _server.Dispose();

    private Dictionary<string, string?> Environment()
    {
        var handle = FormattableString.Invariant($"viewer{++_viewers}");
        var home = _lab.NewFolder(handle);
        var token = Path.Combine(home, "token");
        File.WriteAllText(token, _server.JoinMember(_owner, handle));
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new()
        {
            ["HOME"] = home,
            ["XDG_CONFIG_HOME"] = home,
            ["XDG_CACHE_HOME"] = home,
            ["XDG_STATE_HOME"] = home,
            ["STORIES_URL"] = _server.Url.AbsoluteUri,
            ["STORIES_TOKEN_FILE"] = token,
            ["LC_ALL"] = "C.UTF-8",
            ["TMUX"] = null,
            ["TERM_PROGRAM"] = null,
            ["KITTY_WINDOW_ID"] = null,
            ["NO_COLOR"] = null,
        };
    }

    /// <summary>The picture with a comment behind its first marker, so that each is a file of its own.</summary>
    private static byte[] Numbered(byte[] jpeg, int number) =>
        [.. jpeg[..2], 0xFF, 0xFE, 0x00, 0x04, (byte)('0' + number / 64), (byte)('0' + number % 64), .. jpeg[2..]];
}
