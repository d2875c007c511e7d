using StoriesCli.Server.Features.Mutes;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Who reads stories, and at which moment. A request takes it once, so that all parts of a response agree.</summary>
/// <param name="Account">Number of the account.</param>
/// <param name="Muting">What the account has muted at that moment.</param>
/// <param name="Now">The moment, by which stories are active or expired.</param>
/// <param name="Stories">All stories at that moment. Most readers want <see cref="Find"/>.</param>
internal sealed record ViewerContext(int Account, Muting Muting, DateTimeOffset Now, StoryModel Stories)
{
    /// <summary>A story that the account may see; null when there is none with this id.</summary>
    public StoryEntry? Find(string id) => Stories.FindVisible(Account, id, Now);

    /// <summary>Makes it a parameter of handlers, for the caller.</summary>
    /// <exception cref="ApiProblem"><c>not_signed_in</c>.</exception>
    public static ValueTask<ViewerContext?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<ViewerContext?>(context.RequestServices.GetRequiredService<Viewers>().Of(context.Account().Number));
}

/// <summary>Makes viewer contexts of this moment: one a request, and one for each event of a stream.</summary>
internal sealed class Viewers(StoryProjection stories, MuteStore mutes, TimeProvider time)
{
    /// <param name="account">Number of the account.</param>
    public ViewerContext Of(int account)
    {
        var now = time.GetUtcNow();
        return new(account, mutes.Of(account, now), now, stories.Current);
    }
}
