namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>What may stand in a WebM element, and how much of it means something. All else becomes <c>Void</c>.</summary>
internal sealed class WebMPlan
{
    /// <summary>Of an element that goes.</summary>
    public const long Gone = -1;

    private const int MostNumberBytes = 8;

    /// <summary>Numbers, dates and identifiers of at most eight bytes, each once.</summary>
    public HashSet<uint> Numbers { get; init; } = [];

    /// <summary>Elements that hold others, each once.</summary>
    public Dictionary<uint, WebMPlan> Once { get; init; } = [];

    /// <summary>Elements that hold others, any number of them.</summary>
    public Dictionary<uint, WebMPlan> Repeated { get; init; } = [];

    /// <summary>Elements that are neither, each once; with how many of their bytes mean something.</summary>
    public Dictionary<uint, Func<Ebml, EbmlElement, long>> Others { get; init; } = [];

    /// <summary>Cleans what an element holds; its parts must be elements, one after the other.</summary>
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

    /// <summary>Whether it holds elements and nothing else.</summary>
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
