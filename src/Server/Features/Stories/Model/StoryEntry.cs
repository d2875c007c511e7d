using StoriesCli.Contracts;
using StoriesCli.Server.Features.Mutes;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A story with its viewers. Other features read stories here, not from rows.</summary>
internal sealed record StoryEntry(StoryRow Row, StoryViews Views)
{
    public StoryEntry(StoryRow row)
        : this(row, StoryViews.None) { }

    public string Id => Row.Id;
    public int Author => Row.Author;
    public string Kind => Row.Kind;
    public string? Caption => Row.Caption;

    /// <summary>Text of a card; only the beginning of a long one.</summary>
    public string? Text => Row.Text;

    /// <inheritdoc cref="StoryRow.HoldsText"/>
    public bool HoldsText => Row.HoldsText;
    public DateTimeOffset CreatedAt => Row.CreatedAt;

    /// <summary>When it leaves tray and lists. A story that is not kept ends then.</summary>
    public DateTimeOffset ExpiresAt => Row.ExpiresAt;

    /// <summary>When it ends; null for a kept story.</summary>
    public DateTimeOffset? EndsAt => Row.KeptIn is null ? Row.ExpiresAt : null;
    public string? KeptIn => Row.KeptIn;
    public StoryMedia Media => Row.Media;
    public StoryCompare? Compare => Row.Compare;
    public StorySource? Source => Row.Source;
    public StoredPoll? Poll => Row.Poll;
    public bool RepliesOn => Row.RepliesOn;
    public bool AsksHelp => Row.AsksHelp;
    public bool HasOpenHelp => Row.HasOpenHelp;
    public StoredBroadcast? Broadcast => Row.Broadcast;
    public StorySubject Subject => Row.Subject;

    /// <summary>Numbers of the accounts that have seen it, ascending, without its author.</summary>
    public IEnumerable<int> Viewers => Views.Accounts.Where(account => account != Author);

    internal ViewRow ToViews()
    {
        var views = Views.InOrder.ToList();
        return new(
            Row.Id,
            [.. views.Select(view => KeyValuePair.Create(view.Account, view.At))],
            [.. views.Where(view => view.IsPrivate).Select(view => view.Account)]
        );
    }

    internal StoryEntry WithView(int account, DateTimeOffset at, bool isPrivate) => this with { Views = Views.Add(account, at, isPrivate) };

    internal StoryEntry WithoutView(int account) => this with { Views = Views.Remove(account) };

    /// <summary>The account's own stories count as seen.</summary>
    public bool IsSeenBy(int account) => Row.Author == account || Views.Contains(account);

    /// <summary>Whether to count it as unseen: a muted story never counts.</summary>
    public bool IsUnseenBy(ViewerContext viewer) => !IsSeenBy(viewer.Account) && !IsMuted(viewer.Muting);

    public bool IsMuted(Muting muting) => muting.Covers(Row.Author, Row.Tags);
}
