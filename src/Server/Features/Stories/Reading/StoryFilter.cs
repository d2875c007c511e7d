using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Which stories a list returns.</summary>
internal sealed record StoryFilter
{
    public static readonly AllowedQuery Query = new("author", "kind", "tag", "slot", "history", "unseen", "since", "q", "limit", "cursor");

    private static readonly string[] Kinds = [StoryKinds.Image, StoryKinds.Video, StoryKinds.Audio, StoryKinds.Text, StoryKinds.Recording];

    public string? Author { get; init; }
    public string? Kind { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public string? Slot { get; init; }
    public bool History { get; init; }
    public bool Unseen { get; init; }
    public DateTimeOffset? Since { get; init; }
    public SearchWords Words { get; init; } = SearchWords.None;
    public string? Before { get; init; }
    public required int Limit { get; init; }

    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    public static StoryFilter Read(HttpRequest request, DateTimeOffset now)
    {
        var query = request.Query;
        var faults = new ValidationErrors();
        foreach (var field in query.Where(f => f.Value.Count > 1 && f.Key != "tag"))
        {
            faults.Add(field.Key, $"may be given once, was given {field.Value.Count} times");
        }
        Check(faults, "author", query["author"], Names.Handle.IsMatch);
        Check(faults, "kind", query["kind"], Kinds.Contains);
        Check(faults, "tag", query["tag"], Names.Tag.IsMatch);
        if (query["tag"].Count > Limits.Tags)
        {
            faults.Add("tag", $"at most {Limits.Tags}, as many as a story has, was given {query["tag"].Count}");
        }
        Check(faults, "slot", query["slot"], Names.Slot.IsMatch);
        var cursor = query["cursor"].ToString();
        if (query.ContainsKey("cursor") && !Names.Id.IsMatch(cursor))
        {
            faults.Add("cursor", "is not one that this list gave");
        }
        var filter = new StoryFilter
        {
            Author = Text(query["author"]),
            Kind = Text(query["kind"]),
            Tags = [.. query["tag"].OfType<string>()],
            Slot = Text(query["slot"]),
            History = Flag(faults, query, "history"),
            Unseen = Flag(faults, query, "unseen"),
            Since = ReadSince(faults, query["since"].ToString(), now),
            Words = SearchWords.Read(query["q"].ToString(), faults),
            Before = Text(cursor),
            Limit = PageQuery.Of(request).GetLimit(),
        };
        if (filter.History && filter.Slot is null)
        {
            faults.Add("history", "needs a slot");
        }
        faults.ThrowIfAny();
        return filter;
    }

    /// <summary>Sets that hold every story of this filter, except kept ones.</summary>
    /// <param name="author">Number of the author, if it is an account.</param>
    public IEnumerable<StorySet> Sets(int? author)
    {
        if (author is { } number)
            yield return StorySet.OfAuthor(number);
        if (Kind is not null)
            yield return StorySet.With(StoryTrait.Kind, Kind);
        if (Slot is not null)
            yield return StorySet.With(StoryTrait.Slot, Slot);
        foreach (var tag in Tags)
            yield return StorySet.With(StoryTrait.Tag, tag);
    }

    /// <param name="row">Story to check.</param>
    /// <param name="viewer">Who asks. A muted story never counts as unseen.</param>
    /// <param name="personOf">Returns the person of an account.</param>
    public bool Matches(StoryRow row, ViewerContext viewer, Func<int, Person> personOf) =>
        (History || !row.IsReplacedFor(viewer.Account))
        && (Kind is null || row.Kind == Kind)
        && (Slot is null || row.Slot == Slot)
        && (Since is null || row.CreatedAt >= Since)
        && (!Unseen || viewer.Stories.ById[row.Id].IsUnseenBy(viewer))
        && Tags.All(row.Tags.Contains)
        && (Author is null || personOf(row.Author).Handle == Author)
        && (Words.IsEmpty || Words.AreIn(row, personOf(row.Author)));

    private static void Check(ValidationErrors faults, string field, IEnumerable<string?> values, Func<string, bool> isValid)
    {
        foreach (var value in values.Where(value => !string.IsNullOrEmpty(value) && !isValid(value)))
        {
            faults.Add(field, $"no story has \"{Excerpt.Of(value)}\"");
        }
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool Flag(ValidationErrors faults, IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text is not ("" or "true" or "false"))
        {
            faults.Add(name, $"must be true or false, was \"{Excerpt.Of(text)}\"");
        }
        return text == "true";
    }

    private static DateTimeOffset? ReadSince(ValidationErrors faults, string text, DateTimeOffset now)
    {
        if (text.Length == 0)
        {
            return null;
        }
        if (Durations.TryParse(text, out var ago))
        {
            return ago < now - DateTimeOffset.UnixEpoch ? now - ago : DateTimeOffset.UnixEpoch;
        }
        if (
            JsonShape.HasOffset(text)
            && text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        )
        {
            return time;
        }
        faults.Add("since", $"must be a time such as 2026-11-22T18:00:00Z or a duration such as 24h, was \"{Excerpt.Of(text)}\"");
        return null;
    }
}
