using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>A place of the tray in its parts, for the list of people and for the row of them.</summary>
/// <param name="Mark">What stands before the name: a ring, how a pipeline ended, or that a command runs.</param>
/// <param name="Name">What the place is called.</param>
/// <param name="Help">An open or resolved help request, or that something failed.</param>
/// <param name="Unseen">The number of unseen stories; empty for none.</param>
internal readonly record struct PlaceVm(Run Mark, Run Name, Run Help, Run Unseen)
{
    /// <param name="me">The viewer's own handle.</param>
    /// <param name="place">The place.</param>
    /// <param name="inFull">Names as people gave them; otherwise handles.</param>
    public static PlaceVm From(string? me, Place place, bool inFull)
    {
        // Muted stories do not call for attention.
        var (item, isNew) = (place.Item, place.Unseen > 0);
        var ring = new Run(
            item.Muted ? "◌"
                : isNew ? "◉"
                : "○",
            isNew ? Tone.Accent : Tone.Dim
        );
        var isPipeline = place.Group == PlaceGroup.Pipelines && !item.Muted;
        var hasFailed = item is { Status: "failed", Muted: false };
        return new(
            place.IsLive ? new("●", Tone.Bad)
                : !isPipeline || item.Status is null ? ring
                : hasFailed ? new("✗", Tone.Bad)
                : new("✓", Tone.Good),
            new(NameOf(me, place, inFull), isNew ? Tone.Strong : Tone.Dim),
            place.OpenHelp > 0 ? new("?", Tone.Bad)
                : hasFailed && !isPipeline ? new("✗", Tone.Bad)
                : place.IsHelped ? new("✓", Tone.Good)
                : new("", Tone.Plain),
            new(isNew ? $"{place.Unseen}" : "", Tone.Accent)
        );
    }

    private static string NameOf(string? me, Place place, bool inFull)
    {
        var (author, slot) = (place.Item.Author, place.Item.Slot);
        var isMe = author.Handle == me;
        var name =
            inFull && !string.IsNullOrWhiteSpace(author.DisplayName) ? author.DisplayName + (isMe ? " (you)" : "")
            : isMe ? "you"
            : author.Handle;
        return SafeText.OneLine(
            slot is null ? name
            : place.IsAlbum || place.Group == PlaceGroup.Pipelines ? slot
            : $"{name} {slot}"
        );
    }
}
