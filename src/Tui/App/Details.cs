using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Everything about a story that lists do not have: its thread, its viewers and acknowledgements, the full text of a long card.</summary>
internal sealed record Details
{
    public ImmutableArray<Reply>? Replies { get; init; }
    public ViewerPage? Viewers { get; init; }
    public ImmutableArray<Acknowledgement>? Acks { get; init; }
    public string? Text { get; init; }

    public static Model Load(Model model, ServerMsg.DetailsArrived arrived) =>
        model with
        {
            Loaded = model.Loaded with
            {
                Details = model
                    .Loaded.Details.RemoveRange(model.Loaded.Details.Keys.Where(id => id != model.ShownId && id != arrived.StoryId))
                    .SetItem(arrived.StoryId, Merge(model.Loaded.Details.GetValueOrDefault(arrived.StoryId), arrived.Details)),
            },
        };

    /// <summary>Adds a reply once: its event and the answer to our own request both bring it.</summary>
    /// <param name="model">Before it.</param>
    /// <param name="storyId">The story it belongs to.</param>
    /// <param name="reply">The new reply.</param>
    /// <param name="counts">Whether the story's count does not include it yet.</param>
    public static Model AddReply(Model model, string storyId, Reply reply, bool counts)
    {
        var details = model.Loaded.Details.GetValueOrDefault(storyId) ?? new();
        var known = details.Replies ?? [];
        if (known.Any(other => other.Id == reply.Id))
        {
            return model;
        }
        model = model with
        {
            Loaded = model.Loaded with { Details = model.Loaded.Details.SetItem(storyId, details with { Replies = known.Add(reply) }) },
            Scrolled = model.Scrolled with { Thread = model.ShownId == storyId ? 0 : model.Scrolled.Thread },
        };
        var story = counts ? model.Tray.Places.SelectMany(place => place.Stories).FirstOrDefault(story => story.Id == storyId) : null;
        return story is null ? model : EventUpdate.Refresh(model, story with { ReplyCount = story.ReplyCount + 1 });
    }

    private static Details Merge(Details? known, Details fresh) =>
        new()
        {
            Replies = fresh.Replies ?? known?.Replies,
            Viewers = fresh.Viewers ?? known?.Viewers,
            Acks = fresh.Acks ?? known?.Acks,
            Text = fresh.Text ?? known?.Text,
        };
}
