using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What admins see beyond others, and nowhere but where they ask for it by its id: what was reported, while it lives.</summary>
internal sealed partial class StoryStore
{
    /// <summary>A story that the caller may see now; an admin also one that was reported.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>.</exception>
    public StoryEntry GetVisible(CurrentAccount caller, string id) => FindReported(caller, id) ?? GetVisible(caller.Number, id);

    /// <summary>A story that lives, if it was reported and the caller is an admin.</summary>
    public StoryEntry? FindReported(CurrentAccount caller, string id) => FindReported(_projection.Current, caller, _reported.Has(id), id);

    private StoryEntry? FindReported(StoryModel model, CurrentAccount caller, bool isReported, string id) =>
        isReported && caller.IsAdmin && model.ById.TryGetValue(id, out var entry) && !entry.Row.IsExpired(_time.GetUtcNow()) ? entry : null;
}
