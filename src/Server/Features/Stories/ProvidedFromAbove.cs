namespace StoriesCli.Server.Features.Stories;

// What stories need of features that build on them. Each of those features registers its part, so that stories do not know it.

/// <summary>Which stories were reported to the admins.</summary>
/// <param name="Has">Whether a story with this id was reported, as of the last commit.</param>
/// <param name="HasPending">The same inside a change.</param>
internal sealed record ReportedStories(Func<string, bool> Has, Func<string, bool> HasPending);

/// <returns>Id of the question that is asked now; null for none.</returns>
internal delegate string? AskedQuestion();

/// <param name="key">Id of a feed key.</param>
/// <returns>Number of the account that the key reads for; null when it does not hold.</returns>
internal delegate int? FeedKeyAccount(string key);

/// <summary>Sums up what was said to a story, as one account may see it. The feature that has the threads provides it.</summary>
/// <param name="story">Id of the story.</param>
/// <param name="viewer">Number of the account.</param>
internal delegate ThreadSummary ThreadSummaryOf(string story, int viewer);

/// <summary>What was said to a story.</summary>
/// <param name="Reactions">How often each emoji was chosen.</param>
/// <param name="MyReaction">The viewer's own; null for none.</param>
/// <param name="ReplyCount">Replies.</param>
/// <param name="AckCount">Acknowledgements.</param>
/// <param name="IsAcked">Whether the viewer acknowledged the story.</param>
/// <param name="Votes">How often each option of the poll was chosen, by its place; an option that is missing has none.</param>
/// <param name="MyVote">The place of the option that the viewer chose; null for none.</param>
internal readonly record struct ThreadSummary(
    IReadOnlyDictionary<string, int> Reactions,
    string? MyReaction,
    int ReplyCount,
    int AckCount,
    bool IsAcked,
    IReadOnlyDictionary<int, int> Votes,
    int? MyVote
);
