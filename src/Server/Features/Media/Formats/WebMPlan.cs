namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Which children a WebM element may have, and how many of their bytes are used. All other children become <c>Void</c>.</summary>
internal sealed class WebMPlan
{
    /// <summary>Length for an element that is removed.</summary>
    public const long Gone = -1;

    private const int MostNumberBytes = 8;

    /// <summary>Numbers, dates and ids of at most eight bytes, each at most once.</summary>
    public HashSet<uint> Numbers { get; init; } = [];

    /// <summary>Elements with children, each at most once.</summary>
    public Dictionary<uint, WebMPlan> Once { get; init; } = [];

    /// <summary>Elements with children, any number of times.</summary>
    public Dictionary<uint, WebMPlan> Repeated { get; init; } = [];

    /// <summary>Other elements, each at most once, with a function for how many of their bytes are used.</summary>
    public Dictionary<uint, Func<Ebml, EbmlElement, long>> Others { get; init; } = [];

    /// <summary>Cleans the contents of an element, which must be consecutive elements.</summary>
    public void Clean(Ebml ebml, EbmlElement parent, FileEdits edits)
    {
        var seen = new HashSet<uint>();
        foreach (var child in ebml.Children(parent))
        {
            if (Repeated.TryGetValue(child.Id, out var plan) || (Once.TryGetValue(child.Id, out plan) && seen.Add(child.Id)))
            {
                if (IsWhole(ebml, child))
                    plan.Clean(ebml, child, edits);
                else
                    WebMMetadata.Blank(child, edits);
            }
            else if (Numbers.Contains(child.Id) && child.Size <= MostNumberBytes && seen.Add(child.Id))
                continue;
            else if (Others.TryGetValue(child.Id, out var count) && seen.Add(child.Id) && count(ebml, child) is >= 0 and var used)
                edits.Zero(child.Payload + used, child.End);
            else
                WebMMetadata.Blank(child, edits);
        }
    }

    /// <summary>Whether the element contains elements and nothing else.</summary>
    public static bool IsWhole(Ebml ebml, EbmlElement parent)
    {
        try
        {
            foreach (var child in ebml.Children(parent))
                if (!child.KnownSize)
                    return false;
            return true;
        }
        catch (MediaRefusedException)
        {
            return false;
        }
    }
}
