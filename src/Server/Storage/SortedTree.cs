using System.Collections;

namespace StoriesCli.Server.Storage;

/// <summary>
/// An immutable sorted list without duplicates: a B+ tree whose branches know how many items stand below each child. Finding,
/// adding, removing and access by position cost the logarithm of the count; an item takes about 10 bytes.
/// </summary>
/// <remarks>The immutable collections of .NET take about 56 bytes an item, and a cache miss at each of their many levels.</remarks>
internal sealed class SortedTree<T> : IReadOnlyList<T>
    where T : class
{
    // Wide enough that a million items have four levels, narrow enough that the copies of a change stay below 2 KiB.
    private const int Width = 64;

    private readonly Node _root;
    private readonly Comparison<T> _order;

    /// <summary>An empty tree.</summary>
    /// <param name="order">A total order. Items that compare as equal are the same.</param>
    public SortedTree(Comparison<T> order)
        : this(new Leaf([]), order) { }

    private SortedTree(Node root, Comparison<T> order) => (_root, _order) = (root, order);

    public int Count => _root.Count;

    public bool IsEmpty => _root.Count == 0;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var node = _root;
            while (node is Branch branch)
            {
                var child = branch.ChildAt(index);
                index -= branch.Before(child);
                node = branch.Children[child];
            }
            return ((Leaf)node).Items[index];
        }
    }

    /// <summary>The tree of these items, built at once.</summary>
    /// <param name="items">Items in any order, none twice. The array is sorted in place.</param>
    /// <param name="order">As of the constructor.</param>
    public static SortedTree<T> Of(T[] items, Comparison<T> order)
    {
        if (items.Length == 0)
            return new(order);
        Array.Sort(items, order);
        Node[] level = [.. items.Chunk(Width).Select(chunk => new Leaf(chunk))];
        while (level.Length > 1)
            level = [.. level.Chunk(Width).Select(chunk => new Branch(chunk))];
        return new(level[0], order);
    }

    /// <summary>Number of items before a place in the order.</summary>
    /// <param name="place">The place.</param>
    /// <param name="compare">Compares an item with a place, in the order of the tree.</param>
    public int CountBefore<TPlace>(TPlace place, Func<T, TPlace, int> compare)
    {
        var (node, before) = (_root, 0);
        while (node is Branch branch)
        {
            var child = FirstFrom(branch.Lasts, place, compare);
            if (child == branch.Children.Length)
                return before + branch.Count;
            before += branch.Before(child);
            node = branch.Children[child];
        }
        return before + FirstFrom(((Leaf)node).Items, place, compare);
    }

    /// <summary>Position of an item, or the complement of the position it would have.</summary>
    public int IndexOf(T item)
    {
        var index = CountBefore((item, _order), static (it, place) => place._order(it, place.item));
        return index < Count && _order(this[index], item) == 0 ? index : ~index;
    }

    /// <summary>The tree with this item, which replaces an equal one.</summary>
    public SortedTree<T> Add(T item)
    {
        var (node, more) = Add(_root, item);
        return new(more is null ? node : new Branch([node, more]), _order);
    }

    /// <summary>The tree without the item that is equal to this one; the same tree when there is none.</summary>
    public SortedTree<T> Remove(T item)
    {
        if (IndexOf(item) < 0)
            return this;
        var root = Remove(_root, item);
        while (root is Branch { Children: [var only] })
            root = only;
        return new(root ?? new Leaf([]), _order);
    }

    public IEnumerator<T> GetEnumerator() => From(0).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Items from this position on.</summary>
    public IEnumerable<T> From(int index)
    {
        for (; index < Count; index++)
            yield return this[index];
    }

    private static int FirstFrom<TPlace>(T[] items, TPlace place, Func<T, TPlace, int> compare)
    {
        var (from, to) = (0, items.Length);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            if (compare(items[middle], place) < 0)
                from = middle + 1;
            else
                to = middle;
        }
        return from;
    }

    private int FirstFrom(T[] items, T item) => FirstFrom(items, (item, _order), static (it, place) => place._order(it, place.item));

    private (Node Node, Node? More) Add(Node node, T item)
    {
        if (node is Leaf { Items: var items })
        {
            var at = FirstFrom(items, item);
            if (at < items.Length && _order(items[at], item) == 0)
                return (new Leaf([.. items[..at], item, .. items[(at + 1)..]]), null);
            // Most items are added at the end: full leaves stay full.
            if (at == items.Length && at >= Width)
                return (node, new Leaf([item]));
            T[] with = [.. items[..at], item, .. items[at..]];
            return with.Length <= Width
                ? (new Leaf(with), null)
                : (new Leaf(with[..(with.Length / 2)]), new Leaf(with[(with.Length / 2)..]));
        }
        var branch = (Branch)node;
        var place = Math.Min(FirstFrom(branch.Lasts, item), branch.Children.Length - 1);
        var (child, more) = Add(branch.Children[place], item);
        Node[] children = more is null
            ? [.. branch.Children[..place], child, .. branch.Children[(place + 1)..]]
            : [.. branch.Children[..place], child, more, .. branch.Children[(place + 1)..]];
        if (children.Length <= Width)
            return (new Branch(children), null);
        var half = place + 1 >= Width ? Width : children.Length / 2;
        return (new Branch(children[..half]), new Branch(children[half..]));
    }

    private Node? Remove(Node node, T item)
    {
        if (node is Leaf { Items: var items })
        {
            var at = FirstFrom(items, item);
            return items.Length == 1 ? null : new Leaf([.. items[..at], .. items[(at + 1)..]]);
        }
        var branch = (Branch)node;
        var place = FirstFrom(branch.Lasts, item);
        var child = Remove(branch.Children[place], item);
        if (child is null)
            return branch.Children.Length == 1 ? null : new Branch([.. branch.Children[..place], .. branch.Children[(place + 1)..]]);
        // Small neighbours become one, or removals would leave nodes that hold next to nothing.
        if (place > 0 && Joined(branch.Children[place - 1], child) is { } left)
            return new Branch([.. branch.Children[..(place - 1)], left, .. branch.Children[(place + 1)..]]);
        if (place + 1 < branch.Children.Length && Joined(child, branch.Children[place + 1]) is { } right)
            return new Branch([.. branch.Children[..place], right, .. branch.Children[(place + 2)..]]);
        return new Branch([.. branch.Children[..place], child, .. branch.Children[(place + 1)..]]);
    }

    private static Node? Joined(Node left, Node right) =>
        (left, right) switch
        {
            (Leaf a, Leaf b) when a.Items.Length + b.Items.Length <= Width / 2 => new Leaf([.. a.Items, .. b.Items]),
            (Branch a, Branch b) when a.Children.Length + b.Children.Length <= Width / 2 => new Branch([.. a.Children, .. b.Children]),
            _ => null,
        };

    private abstract class Node
    {
        public abstract int Count { get; }

        public abstract T Last { get; }
    }

    private sealed class Leaf(T[] items) : Node
    {
        public T[] Items => items;

        public override int Count => items.Length;

        public override T Last => items[^1];
    }

    private sealed class Branch : Node
    {
        // How many items stand in each child and in those before it.
        private readonly int[] _ends;

        public Branch(Node[] children)
        {
            Children = children;
            Lasts = new T[children.Length];
            _ends = new int[children.Length];
            var end = 0;
            for (var i = 0; i < children.Length; i++)
            {
                Lasts[i] = children[i].Last;
                _ends[i] = end += children[i].Count;
            }
        }

        public Node[] Children { get; }

        /// <summary>The last item of each child.</summary>
        public T[] Lasts { get; }

        public override int Count => _ends[^1];

        public override T Last => Lasts[^1];

        /// <summary>Number of items before a child.</summary>
        public int Before(int child) => child == 0 ? 0 : _ends[child - 1];

        /// <summary>The child that holds the item at this position.</summary>
        public int ChildAt(int index)
        {
            var at = Array.BinarySearch(_ends, index + 1);
            return at < 0 ? ~at : at;
        }
    }
}
