namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Decides which tracks of an MP4 or QuickTime file play. Chapters, time codes and camera measurements do not.</summary>
internal static class IsoKeptTracks
{
    public static List<IsoTrack> Find(IsoBoxes boxes, IsoBox movie, bool keepSubtitles)
    {
        var tracks = IsoTracks.Read(boxes, movie);
        var chapters = new HashSet<uint>();
        foreach (var track in tracks)
            AddChapters(boxes, track, chapters);
        var picture = tracks.FirstOrDefault(track => track.Handler == "vide");
        return
        [
            .. tracks.Where(track =>
                track.Handler switch
                {
                    "soun" => true,
                    // Chapters have titles, and often an image each.
                    "vide" or "auxv" or "pict" => track == picture || !chapters.Contains(track.Id),
                    "text" or "sbtl" or "subt" or "subp" or "clcp" => keepSubtitles && !chapters.Contains(track.Id),
                    _ => false,
                }
            ),
        ];
    }

    private static void AddChapters(IsoBoxes boxes, IsoTrack track, HashSet<uint> chapters)
    {
        if (boxes.Find(track.Box, "tref") is not { } references || boxes.Find(references, "chap") is not { } named)
            return;
        for (var at = named.Payload; at + 4 <= named.End && chapters.Count < 64; at += 4)
            chapters.Add(boxes.File.U32(at));
    }
}
