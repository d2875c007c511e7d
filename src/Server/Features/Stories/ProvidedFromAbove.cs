namespace StoriesCli.Server.Features.Stories;

// What stories need from features that build on them. Those features register these parts, so that stories do not know them.

/// <summary>Tells which stories were reported to the admins.</summary>
/// <param name="Has">Returns whether a story with this id was reported, as of the last commit.</param>
/// <param name="HasPending">Returns the same inside a change.</param>
internal sealed record ReportedStories(Func<string, bool> Has, Func<string, bool> HasPending);

/// <returns>Id of the open question; null when there is none.</returns>
internal delegate string? AskedQuestion();

/// <param name="key">Id of a feed key.</param>
/// <returns>Number of the account that the key reads for; null when the key is not valid.</returns>
internal delegate int? FeedKeyAccount(string key);

/// <summary>Sums up the conversation of a story, as one account may see it. The feature that has the threads provides it.</summary>
/// <param name="story">Id of the story.</param>
/// <param name="viewer">Number of the account.</param>
internal delegate ThreadSummary ThreadSummaryOf(string story, int viewer);

/// <summary>Summary of the conversation of a story.</summary>
/// <param name="Reactions">How often each emoji was chosen.</param>
/// <param name="MyReaction">The viewer's own reaction; null when there is none.</param>
/// <param name="ReplyCount">Number of replies.</param>
/// <param name="AckCount">Number of acknowledgements.</param>
/// <param name="IsAcked">Whether the viewer acknowledged the story.</param>
/// <param name="Votes">Votes for each option of the poll, by index. A missing index means none.</param>
/// <param name="MyVote">Index of the option that the viewer chose; null when there is none.</param>
internal readonly record struct ThreadSummary(
    IReadOnlyDictionary<string, int> Reactions,
    string? MyReaction,
    int ReplyCount,
    int AckCount,
    bool IsAcked,
    IReadOnlyDictionary<int, int> Votes,
    int? MyVote
)
{
    /// <summary>Whether nobody reacted, replied or acknowledged. Votes are those of a poll.</summary>
    public bool IsEmpty => Reactions.Count == 0 && MyReaction is null && ReplyCount == 0 && AckCount == 0 && !IsAcked;
}
