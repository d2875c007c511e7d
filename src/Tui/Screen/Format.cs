using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>Times and facts of stories as people say them.</summary>
internal static class Format
{
    public static string Ago(TimeSpan age) => age < TimeSpan.FromMinutes(1) ? "just now" : $"{Span(age)} ago";

    public static string Left(Story story, DateTimeOffset now) => story.ExpiresAt is { } end ? Left(end - now) : "kept";

    /// <summary>To the nearest whole number: a day that has just begun is 24 h, not 23.</summary>
    public static string Left(TimeSpan time)
    {
        var seconds = (long)Math.Round(Math.Max(0, time.TotalSeconds));
        var (minutes, hours, days) = (Round(seconds, 60), Round(seconds, 3600), Round(seconds, 86400));
        return seconds < 60 ? Invariant($"{seconds} s left")
            : minutes < 60 ? Invariant($"{minutes} min left")
            : hours < 48 ? Invariant($"{hours} h left")
            : Invariant($"{days} d left");

        static long Round(long seconds, long unit) => (seconds + unit / 2) / unit;
    }

    public static string Span(TimeSpan time) =>
        time switch
        {
            { TotalMinutes: < 1 } => Invariant($"{Math.Max(0, (int)time.TotalSeconds)} s"),
            { TotalHours: < 1 } => Invariant($"{(int)time.TotalMinutes} min"),
            { TotalDays: < 2 } => Invariant($"{(int)time.TotalHours} h"),
            _ => Invariant($"{(int)time.TotalDays} d"),
        };

    /// <summary>The time of day in the viewer's zone.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The same, with the date if it is another day.</summary>
    public static string When(DateTimeOffset at, TimeZoneInfo zone, DateTimeOffset now) =>
        TimeZoneInfo.ConvertTime(at, zone) is var here && here.Date == TimeZoneInfo.ConvertTime(now, zone).Date
            ? Time(at, zone)
            : here.ToString("d MMM HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The beginning of what the story says.</summary>
    public static string Title(Story story)
    {
        var title = CleanText.OneLine(story.Caption ?? story.Text ?? story.Media.FileName ?? story.Kind);
        return title.Length <= 40 ? title : title[..40] + "…";
    }

    public static string Clock(long milliseconds) =>
        TimeSpan.FromMilliseconds(milliseconds).ToString(@"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>Describes a file that cannot be shown: <c>demo.mp4 · 0:12 · 1280×720 · 4.1 MiB</c>.</summary>
    public static string File(Story story)
    {
        string?[] facts =
        [
            story.Media.FileName is { } name ? SafeText.OneLine(name) : story.Kind,
            story.Media.DurationMs is { } time ? Clock(time) : null,
            story.Media is { Width: { } width, Height: { } height } ? Invariant($"{width}×{height}") : null,
            ByteSize.Format(story.Media.Bytes),
        ];
        return string.Join(" · ", facts.Where(fact => fact is not null));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
