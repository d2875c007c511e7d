using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Collects what is wrong with a request, so that the caller learns all of it at once: the first <see cref="Limits.FaultsTold"/> in words, and how many more there are.</summary>
/// <param name="names">What fields are called in this request where that is another name.</param>
internal sealed class ValidationErrors(IReadOnlyDictionary<string, string>? names = null)
{
    /// <summary>Message for a value without any visible character.</summary>
    public const string Empty = "is empty: leave it out, or give it a value";
    public const string Missing = "is missing or empty";
    public const string Invisible = "shows nothing: it has only characters that are invisible or blank";

    /// <summary>What is wrong with a text that people will see; null when it shows something.</summary>
    /// <param name="text">As it is shown, without colours.</param>
    public static string? FaultOfBlank(string text) =>
        string.IsNullOrWhiteSpace(text) ? Missing
        : StoriesCli.Contracts.VisibleText.ShowsSomething(text) ? null
        : Invisible;

    private readonly SortedDictionary<string, List<string>> _byField = new(StringComparer.Ordinal);
    private int _count;

    /// <param name="field">Shown as an excerpt: an unknown name may be as long as its sender likes.</param>
    /// <param name="fault">The limit and the value seen, as an excerpt.</param>
    public void Add(string field, string fault)
    {
        _count++;
        if (_count > Limits.FaultsTold)
        {
            return;
        }
        var name = Excerpt.Of(names?.GetValueOrDefault(field) ?? field);
        if (!_byField.TryGetValue(name, out var faults))
        {
            _byField[name] = faults = [];
        }
        faults.Add(fault);
    }

    /// <exception cref="ApiProblem"><c>invalid_request</c> when anything was added.</exception>
    public void ThrowIfAny()
    {
        if (_count == 0)
        {
            return;
        }
        var detail = string.Join("; ", _byField.Select(f => $"{f.Key}: {string.Join(", ", f.Value)}"));
        var more = _count - Limits.FaultsTold;
        throw new ApiProblem(Errors.InvalidRequest, more > 0 ? $"{detail}; and {more} more faults" : detail)
        {
            Fields = _byField.ToDictionary(f => f.Key, f => f.Value.ToArray()),
        };
    }
}
