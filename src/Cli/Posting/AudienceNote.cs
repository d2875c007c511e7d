using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Posting;

/// <summary>Prints a note if nobody but the author can see a new story.</summary>
internal static class AudienceNote
{
    /// <summary>The story is already posted, so a failed check is ignored.</summary>
    public static async Task SayAsync(Session session, Story story, CancellationToken cancel)
    {
        if (session.Out.IsJson || session.Out.IsQuiet || story.Audience.Names is not { } names)
        {
            return;
        }
        try
        {
            if (await IsNobodyElseAsync(session, names, story.Author.Handle, cancel).ConfigureAwait(false))
            {
                session.Out.Note($"Nobody else can see it: you are the only one in {string.Join(", ", names)}.");
            }
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            // A token that may only post cannot read circles.
        }
    }

    private static async Task<bool> IsNobodyElseAsync(Session session, string[] names, string author, CancellationToken cancel)
    {
        if (names.Any(name => name != author && !name.StartsWith('+')))
        {
            return false;
        }
        var circles = names.Any(name => name.StartsWith('+')) ? await session.Api.Circles.ListAsync(cancel).ConfigureAwait(false) : [];
        return circles
            .Where(circle => names.Contains("+" + circle.Name))
            .SelectMany(circle => circle.Members)
            .All(member => member == author);
    }
}
