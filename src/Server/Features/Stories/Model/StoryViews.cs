using System.Runtime.InteropServices;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Who has seen a story, when, and who of them privately: 12 bytes a viewer, sorted by account.</summary>
internal readonly struct StoryViews
{
    public static readonly StoryViews None = new([]);

    private readonly View[] _views;

    private StoryViews(View[] views) => _views = views;

    public static StoryViews Of(ViewRow row)
    {
        var views = new View[row.At.Count];
        for (var i = 0; i < views.Length; i++)
            views[i] = new(row.At[i].Key, row.At[i].Value, row.Private.Contains(row.At[i].Key));
        Array.Sort(views, static (a, b) => a.Account.CompareTo(b.Account));
        return new(views);
    }

    public int Count => _views.Length;

    public bool IsEmpty => _views.Length == 0;

    public int PrivateCount => _views.Count(view => view.IsPrivate);

    /// <summary>Numbers of the accounts, ascending.</summary>
    public IEnumerable<int> Accounts => _views.Select(view => view.Account);

    /// <summary>Views in the order in which they happened.</summary>
    public IEnumerable<(int Account, DateTimeOffset At, bool IsPrivate)> InOrder =>
        _views.OrderBy(view => view.AtMilliseconds).Select(view => (view.Account, view.At, view.IsPrivate));

    public bool Contains(int account) => IndexOf(account) >= 0;

    public bool IsPrivate(int account) => IndexOf(account) is >= 0 and var index && _views[index].IsPrivate;

    /// <summary>With a view of an account that has none.</summary>
    public StoryViews Add(int account, DateTimeOffset at, bool isPrivate)
    {
        var index = ~IndexOf(account);
        return new([.. _views[..index], new(account, at, isPrivate), .. _views[index..]]);
    }

    public StoryViews Remove(int account) =>
        IndexOf(account) is >= 0 and var index ? new([.. _views[..index], .. _views[(index + 1)..]]) : this;

    private int IndexOf(int account)
    {
        var (from, to) = (0, _views.Length);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            if (_views[middle].Account == account)
                return middle;
            if (_views[middle].Account < account)
                from = middle + 1;
            else
                to = middle;
        }
        return ~from;
    }

    /// <summary>One view. The lowest bit of <see cref="Stamp"/> says that it is private.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct View(int Account, long Stamp)
    {
        public View(int account, DateTimeOffset at, bool isPrivate)
            : this(account, (at.ToUnixTimeMilliseconds() << 1) | (isPrivate ? 1L : 0)) { }

        public long AtMilliseconds => Stamp >> 1;

        public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(AtMilliseconds);

        public bool IsPrivate => (Stamp & 1) != 0;
    }
}
