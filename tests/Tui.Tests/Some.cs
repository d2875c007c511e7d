using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Tests;

/// <summary>Stories and states to begin with.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    public static Story Story(string author, int number, string kind = StoryKinds.Image) =>
        new()
        {
            Id = $"01k{author, -4}{number:00}".Replace(' ', '0').PadRight(26, '0'),
            Author = new() { Handle = author, DisplayName = author },
            Kind = kind,
            Caption = $"{author} {number}",
            Text = kind == StoryKinds.Text ? $"card of {author}" : null,
            Audience = Audience.Team,
            CreatedAt = Now.AddHours(-2).AddMinutes(number),
            ExpiresAt = Now.AddHours(22),
            Media = new()
            {
                Type = "image/jpeg",
                Bytes = 2048,
                Sha256 = new('0', 64),
                FileName = $"{author}{number}.jpg",
            },
        };

    /// <summary>The same as a before/after story with 3.2 % changed.</summary>
    public static Story Compared(this Story story) =>
        story with
        {
            Compare = new()
            {
                ChangedShare = 0.032,
                Before = story.Media,
                Difference = story.Media,
            },
        };

    public static Story Seen(this Story story) => story with { Viewed = true };

    public static Story Ending(this Story story, TimeSpan after) => story with { ExpiresAt = Now + after };

    public static TrayItem Item(params Story[] stories) =>
        new()
        {
            Author = stories[0].Author,
            Slot = stories[0].Slot,
            Status = stories[^1].Source?.Status,
            Total = stories.Length,
            Unseen = stories.Count(story => !story.Viewed),
            LatestAt = stories.Max(story => story.CreatedAt),
        };

    public static Model Empty { get; } =
        new()
        {
            Session = new() { Me = "dora", Server = "team.example" },
            Display = new() { ShowsPictures = false },
            Now = Now,
        };

    public static Model Restricted(this Model model) => model with { Session = model.Session with { Restricted = true } };

    /// <summary>The state once tray and stories are there: a place for each author and slot, in the order given. The first story has been seen.</summary>
    public static Model Looking(params Story[] stories) => Empty.Receiving(stories).Looked();

    /// <summary>What is shown has been looked at for as long as it takes to count as seen. Its time begins again.</summary>
    public static Model Looked(this Model s) => s.After(new TerminalMsg.Tick(Viewing.SeenAfter, s.Now)) with { Elapsed = s.Elapsed };

    /// <summary>The same with pictures that have not arrived yet.</summary>
    public static Model LookingAtPictures(params Story[] stories) =>
        (Empty with { Display = Empty.Display with { ShowsPictures = true, Area = new(40, 10) } }).Receiving(stories);

    /// <summary>The state once tray and stories are there. Where all of it was seen, the viewer goes to the first.</summary>
    public static Model Receiving(this Model s, params Story[] stories)
    {
        s = s.Told(stories);
        return s.Tray.IsCaughtUp
            ? s.After(new InputMsg.PlaceClicked(new(stories[0].Author.Handle, stories[0].Slot))) with
            {
                Commands = [],
                LastCommand = 0,
            }
            : s;
    }

    /// <summary>The server tells of stories: a place for each author and slot, in the order given.</summary>
    public static Model Told(this Model s, params Story[] stories)
    {
        var places = stories.GroupBy(story => new PlaceKey(story.Author.Handle, story.Slot)).ToArray();
        s = s.After(new ServerMsg.TrayArrived([.. places.Select(place => Item([.. place]))]));
        return places.Aggregate(
            s,
            (at, place) => at.After(new ServerMsg.StoriesArrived(place.Key, PlaceVersion.Of(Item([.. place])), [.. place]))
        );
    }

    public static Model After(this Model s, params Msg[] messages) => messages.Aggregate(s, Update.Apply);

    /// <summary>Time goes by as the screen counts it, in steps of 50 ms.</summary>
    public static Model AfterTime(this Model s, TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(50);
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            s = s.After(new TerminalMsg.Tick(step, s.Now + step));
        }
        return s;
    }

    public static Model AfterSeconds(this Model s, double seconds) => s.AfterTime(TimeSpan.FromSeconds(seconds));

    public static ImmutableArray<string> TrayNames(this Model s) =>
        [.. s.Tray.Places.Select(place => place.Key.Handle + (place.Unseen > 0 ? $" {place.Unseen}" : ""))];

    public static PixelBuffer Plain(int width, int height, byte red, byte green, byte blue) =>
        new(width, height, [.. Enumerable.Range(0, width * height).SelectMany(_ => new[] { red, green, blue })]);

    /// <summary>Smooth colours all over, as a photo has them.</summary>
    public static PixelBuffer Photo(int width, int height) =>
        new(
            width,
            height,
            [
                .. Enumerable
                    .Range(0, width * height)
                    .SelectMany(i =>
                        new[]
                        {
                            (byte)(i % width * 255 / width),
                            (byte)(i / width * 255 / height),
                            (byte)((i % width + i / width) * 255 / (width + height)),
                        }
                    ),
            ]
        );
}
