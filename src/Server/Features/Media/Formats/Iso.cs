using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>MP4, QuickTime and M4A: one container format, distinguished by brand and tracks.</summary>
internal static class Iso
{
    public const string QuickTime = "qt  ";

    public static MediaFacts Inspect(FileBytes file)
    {
        var boxes = new IsoBoxes(file);
        IsoBox? movie = null;
        bool data = false,
            quickTime = true;
        foreach (var box in boxes.Top())
        {
            if (box.Type == "ftyp" && box.Size >= 4)
                quickTime = file.FourCc(box.Payload) == QuickTime;
            if (box.Type == "moov")
                movie ??= box;
            data |= box.Type == "mdat" && box.Size > 0;
        }
        if (movie is not { } header)
            throw file.Broken("it has no header (moov)");
        if (!data)
            throw file.Broken("it has no picture or sound in it (mdat)");

        var tracks = IsoTracks.Read(boxes, header);
        var duration = Longer(
            IsoTracks.LongerOfTracks(tracks, IsoTracks.DurationMs(boxes, header)),
            IsoFragments.DurationMs(boxes, header, tracks)
        );
        var picture = tracks.FirstOrDefault(t => t is { Handler: "vide", Width: > 0, Height: > 0 });
        if (picture is not null)
            return new MediaFacts(StoryKinds.Video, quickTime ? MediaTypes.Mov : MediaTypes.Mp4, picture.Width, picture.Height, duration);
        if (tracks.All(t => t.Handler != "soun"))
            throw file.Broken("it has neither video nor audio in it");
        if (quickTime)
            throw new MediaRefusedException("The file is QuickTime without video; audio is accepted as M4A, MP3, Ogg or WAV.");
        return new MediaFacts(StoryKinds.Audio, MediaTypes.M4A, DurationMs: duration);
    }

    private static long? Longer(long? a, long? b) => a > b || b is null ? a : b;

    /// <summary>Name of another format that the brand stands for; null when it may be a video or audio.</summary>
    public static string? NameOther(string brand) =>
        brand switch
        {
            "crx " => "a Canon raw picture",
            "jp2 " or "jpx " or "jpm " or "mjp2" => "a JPEG 2000 picture",
            "jxl " => "a JPEG XL picture",
            "avci" or "avcs" => "a HEIF picture in H.264",
            "vvic" or "vvis" => "a HEIF picture in H.266",
            "j2ki" or "j2is" => "a HEIF picture in JPEG 2000",
            "jpeg" or "jpgs" => "a HEIF picture in JPEG",
            "M4P " => "a protected M4P audio",
            _ when brand.StartsWith("3g", StringComparison.Ordinal) => string.Create(
                CultureInfo.InvariantCulture,
                $"a 3GPP video ({brand})"
            ),
            _ => null,
        };
}
