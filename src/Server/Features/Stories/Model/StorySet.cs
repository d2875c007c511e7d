namespace StoriesCli.Server.Features.Stories;

/// <summary>What all stories of a set have in common.</summary>
internal enum StoryTrait
{
    All,
    Author,
    Slot,
    Kind,
    Tag,
    Answers,
    ArchiveOf,
}

/// <summary>A set of stories: those with one value of a trait.</summary>
/// <param name="Trait">What they have in common.</param>
/// <param name="Number">Number of the author, for sets of an author.</param>
/// <param name="Text">The value, for other sets.</param>
internal readonly record struct StorySet(StoryTrait Trait, int Number, string? Text)
{
    /// <summary>Stories that are neither kept nor archived.</summary>
    public static readonly StorySet All = new(StoryTrait.All, 0, null);

    public static StorySet OfAuthor(int author) => new(StoryTrait.Author, author, null);

    public static StorySet InArchiveOf(int author) => new(StoryTrait.ArchiveOf, author, null);

    public static StorySet With(StoryTrait trait, string text) => new(trait, 0, text);

    /// <summary>The sets that a story belongs to. A kept one is in none: it leaves the lists while its row stays as it is.</summary>
    public static IEnumerable<StorySet> Of(StoryRow row)
    {
        if (row.Archived)
        {
            yield return InArchiveOf(row.Author);
            yield break;
        }
        if (row.KeptIn is not null)
            yield break;
        yield return All;
        yield return OfAuthor(row.Author);
        yield return With(StoryTrait.Kind, row.Kind);
        if (row.Slot is { } slot)
            yield return With(StoryTrait.Slot, slot);
        if (row.Answers is { } question)
            yield return With(StoryTrait.Answers, question);
        foreach (var tag in row.Tags.Distinct(StringComparer.Ordinal))
            yield return With(StoryTrait.Tag, tag);
    }
}
