using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Contracts;
using StoriesCli.Tui;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Cli.Printing;

/// <summary>Draws a story's picture in the terminal, if there is one and the terminal can.</summary>
internal static class StoryPicture
{
    private const int ColumnsMaximum = 100;
    private const int RowsMaximum = 24;

    public static async Task<IReadOnlyList<string>> DrawAsync(Session session, Story story, CancellationToken cancel)
    {
        var context = session.Context;
        if (story.Kind == StoryKinds.Recording)
        {
            return context is { OutIsTerminal: true, IsDumb: false } && ChooseImages(session) != "off"
                ? await DrawRecordingAsync(session, story, cancel).ConfigureAwait(false)
                : [];
        }
        if (
            story.Kind is not (StoryKinds.Image or StoryKinds.Video)
            || !context.OutIsTerminal
            || !context.HasColour
            || ChooseImages(session) == "off"
        )
        {
            return [];
        }
        var columns = Math.Clamp(context.Width() - 1, 1, ColumnsMaximum);
        try
        {
            var side = Limits.PosterSideFor(Math.Max(columns, RowsMaximum * 2));
            var poster = await session.Api.Media.GetPosterAsync(story.Id, side, side, cancel: cancel).ConfigureAwait(false);
            return PictureLines.Draw(
                poster,
                columns,
                RowsMaximum,
                context.Environment("COLORTERM") is "truecolor" or "24bit",
                Mode(ChooseImages(session)),
                context.Environment
            );
        }
        catch (Exception e) when (e is ApiException { Code: "poster_unavailable" } or InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>The last screen; "stories play" plays the recording.</summary>
    private static async Task<IReadOnlyList<string>> DrawRecordingAsync(Session session, Story story, CancellationToken cancel)
    {
        try
        {
            var media = await session.Api.Media.OpenAsync(story.Id, cancel: cancel).ConfigureAwait(false);
            await using var _ = media.ConfigureAwait(false);
            var recording = await RecordingLines.ReadAsync(media.Content, cancel).ConfigureAwait(false);
            return recording.DrawLast(
                Math.Clamp(session.Context.Width() - 1, 1, ColumnsMaximum),
                RowsMaximum,
                RecordingPlayer.ColoursOf(session.Context)
            );
        }
        catch (Exception e) when (e is ApiException or InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>One of <see cref="Config.ImageModes"/>.</summary>
    /// <exception cref="CommandException">The environment has another value.</exception>
    public static string ChooseImages(Session session, string? flag = null)
    {
        session.HasImagesFlag |= flag is not null;
        var (source, wanted) =
            flag is not null ? ("--images", flag)
            : EmptyValue.ReadVariable(session.Context.Environment, "STORIES_IMAGES") is { } variable ? ("STORIES_IMAGES", variable)
            : ("images", session.Config.Images);
        return Config.ImageModes.Contains(wanted) ? wanted : throw CommandException.Usage(Refusal(source, wanted));
    }

    /// <param name="images">One of <see cref="Config.ImageModes"/>.</param>
    public static ImageMode Mode(string images) =>
        images switch
        {
            "kitty" => ImageMode.Kitty,
            "iterm" => ImageMode.Iterm,
            "sixel" => ImageMode.Sixel,
            "octants" => ImageMode.Octants,
            "sextants" => ImageMode.Sextants,
            "blocks" => ImageMode.Blocks,
            "off" => ImageMode.Off,
            _ => ImageMode.Auto,
        };

    /// <summary>The message about an unknown value, with its origin.</summary>
    public static string Refusal(string source, string how)
    {
        var ways = Config.ImageModes.ToArray();
        return $"{source} takes {string.Join(", ", ways[..^1])} or {ways[^1]}, not \"{how}\".";
    }
}
