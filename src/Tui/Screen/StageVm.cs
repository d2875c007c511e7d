using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.Screen;

/// <summary>Everything that the stage depends on: equal inputs look the same.</summary>
internal readonly record struct StageInput(
    Story? Story,
    Picture? Picture,
    bool Pictured,
    bool IsCovered,
    string? Text,
    int Scroll,
    string PlayKey,
    string MoreKey,
    bool Restricted,
    Connection Connection,
    string? Trouble,
    bool Empty,
    ImmutableArray<Line>? CaughtUp,
    Box Area,
    string? SignInAdvice = null,
    RecordingFrame? Recorded = null,
    string? NotRecorded = null,
    int Turn = 0
)
{
    public static StageInput From(Model model, Box area)
    {
        // The connection only matters while there is no story; a change of it must not redraw a picture.
        var story = model.Shown;
        return new(
            story,
            story is null
                ? null
                : model.Loaded.Video?.Picture ?? model.Loaded.Pictures.GetValueOrDefault(Comparison.KeyOf(story.Id, model.Side)),
            model.Display.ShowsPictures,
            model.IsCovered,
            story is null ? null : model.Loaded.Details.GetValueOrDefault(story.Id)?.Text,
            model.Scrolled.Card,
            model.Session.Keys.Label("play"),
            model.Session.Keys.Label("scroll-down"),
            model.Session.Restricted,
            story is null ? model.Link.Connection : Connection.Live,
            story is null ? model.Link.Error : null,
            model.Tray.Places.IsEmpty,
            model.Tray.IsCaughtUp && story is null ? model.Loaded.Digest : null,
            area,
            story is null ? model.Session.SignInAdvice : null,
            NotRecorded: story is null ? null
                : story.Live ? LiveTerminals.MissingOf(model, story.Id)
                : model.Loaded.Recordings.GetValueOrDefault(story.Id)?.Missing,
            Turn: Viewing.IsLoading(model) ? (int)(model.Now.ToUnixTimeMilliseconds() / (long)Viewing.TurnTime.TotalMilliseconds % 10) : 0
        );
    }
}

/// <summary>The middle of the screen: a picture, or lines of text as one block.</summary>
/// <param name="Picture">The picture in block characters.</param>
/// <param name="Lines">Text, if there is no picture.</param>
/// <param name="Raster">The picture in the terminal's own graphics.</param>
/// <param name="Card">Whose card the lines are, by a number that gives it its ground; null for other text.</param>
internal sealed record StageVm(BlockPicture? Picture, ImmutableArray<Line> Lines, Raster? Raster = null, int? Card = null)
{
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

    public static StageVm Nothing { get; } = new(null, []);

    public static StageVm From(StageInput input) =>
        input switch
        {
            { Story: null, Trouble: null, CaughtUp: { } digest } => new(null, AllCaughtUp(digest, input.Area)),
            { Story: null } => new(null, Absent(input)),
            { Story.Kind: StoryKinds.Text } => new(
                null,
                CardVm.From(input.Text ?? input.Story.Text ?? "", input.Story.Media.FileName, input.Area, input.Scroll, input.MoreKey),
                Card: CardVm.GroundOf(input.Story.Author.Handle)
            ),
            { Story.Kind: StoryKinds.Recording, Recorded: { } frame } => new(null, frame.Lines),
            { Story: { Kind: StoryKinds.Recording, Live: true } } => new(null, Live(input)),
            { Story.Kind: StoryKinds.Recording, NotRecorded: null } => new(null, Loading(input, input.Story)),
            { Picture.Blocks: { } blocks } when Fits(blocks, input.Area) => new(
                blocks,
                [],
                // Nothing can be drawn over the terminal's own graphics; under a dialog the picture is cells.
                !input.IsCovered && input.Picture.Raster is { } raster && Fits(raster, input.Area)
                    ? raster
                    : null
            ),
            { Picture.Blocks: not null } => Nothing,
            { Picture: null, Pictured: true, Story.Kind: StoryKinds.Image or StoryKinds.Video } => new(null, Loading(input, input.Story)),
            _ => new(null, Still(input, input.Story)),
        };

    private static bool Fits(Raster raster, Box area) => raster.Cells.Width <= area.Width && raster.Cells.Height <= area.Height;

    private static bool Fits(BlockPicture blocks, Box area) => blocks.Cells.Width <= area.Width && blocks.Cells.Height <= area.Height;

    /// <summary>What is being loaded, and how large it is.</summary>
    private static ImmutableArray<Line> Loading(StageInput input, Story story) =>
        Cells.Wrap(
            [new($"{Spinner[input.Turn]} ", Tone.Accent), new($"{story.Kind} · {ByteSize.Format(story.Media.Bytes)}", Tone.Dim)],
            input.Area.Width - 2,
            Math.Min(1, input.Area.Height)
        );

    /// <summary>A live terminal whose screen has not come yet.</summary>
    private static ImmutableArray<Line> Live(StageInput input) =>
        Cells.Wrap(
            [new("● live", Tone.Bad), new(input.NotRecorded is { } missing ? $"\n\n{SafeText.OneLine(missing)}" : " …", Tone.Dim)],
            input.Area.Width - 2,
            input.Area.Height
        );

    /// <summary>The text for a file that cannot be drawn.</summary>
    private static ImmutableArray<Line> Still(StageInput input, Story story)
    {
        var text = new List<Run>
        {
            new(
                story.Kind switch
                {
                    StoryKinds.Video => "▶ ",
                    StoryKinds.Audio => "♪ ",
                    _ => "",
                },
                Tone.Accent
            ),
            new(Format.File(story), Tone.Strong),
        };
        if (story.Kind is StoryKinds.Image && !input.Pictured && !string.IsNullOrWhiteSpace(story.Caption))
        {
            text.Add(new("\n\n" + CleanText.Lines(story.Caption), Tone.Plain));
        }
        if ((input.NotRecorded ?? (story.Kind == StoryKinds.Image ? input.Picture?.Missing : null)) is { } missing)
        {
            text.Add(new("\n\n" + SafeText.OneLine(missing), Tone.Dim));
        }
        if (story.Kind is StoryKinds.Video or StoryKinds.Audio && !input.Restricted)
        {
            text.Add(new($"\n\n{input.PlayKey} plays it", Tone.Dim));
        }
        return Cells.Wrap(text, input.Area.Width - 2, input.Area.Height);
    }

    /// <summary>What the last day brought, below the word that there is nothing new.</summary>
    private static ImmutableArray<Line> AllCaughtUp(ImmutableArray<Line> digest, Box area)
    {
        var width = Math.Max(0, area.Width - 4);
        ImmutableArray<Line> head =
        [
            Line.Text(Cells.Cut("✓ All caught up", width), Tone.Good),
            Line.Text(Cells.Cut("Choose somebody and press Enter, or go on with →.", width), Tone.Dim),
        ];
        var room = area.Height - head.Length - 2;
        return digest.IsEmpty || room < 1
            ? head[..Math.Min(head.Length, Math.Max(0, area.Height))]
            :
            [
                .. head,
                Line.Empty,
                Line.Text(Cells.Cut("The last day", width), Tone.Strong),
                .. digest.Take(room).Select(line => Cells.Fit(line, width)),
            ];
    }

    private static ImmutableArray<Line> Absent(StageInput input)
    {
        var text = input switch
        {
            { Connection: Connection.SignedOut, Trouble: { } trouble } =>
                $"Signed out: {trouble}\n\n{input.SignInAdvice}\n\nThe token is tried again by itself.",
            { Trouble: { } trouble } => $"{trouble}\nIt is tried again by itself.",
            { Connection: Connection.Connecting } => "connecting…",
            { Connection: Connection.None } => "",
            { Empty: true } => "Nothing to see yet. Post the first story:\n\nstories post FILE",
            _ => "…",
        };
        return Cells.Wrap([new(CleanText.Lines(text), Tone.Dim)], input.Area.Width - 2, input.Area.Height);
    }
}
